/** Questions that the reference asks of all records. */
import { DAY_S } from '../../src/kernel/time.ts';
import type { LeaseClass, LeaseRequest, Pool } from '../../src/leases/types.ts';
import type { World } from './world.ts';

export function orderedRequests(world: World): LeaseRequest[] {
  return world.records
    .map((record) => ({ ...record, ...classify(world, record.activationId, record.nPolicy) }))
    .sort((a, b) => {
      if (a.time !== b.time) return a.time - b.time;
      if (a.host !== b.host) return a.host < b.host ? -1 : 1;
      if (a.log !== b.log) return a.log < b.log ? -1 : 1;
      return a.recordId - b.recordId;
    });
}

function classify(world: World, activationId: string, nPolicy: number): { cls: LeaseClass; pool: Pool | undefined } {
  const cls = world.product(activationId)?.cls ?? (nPolicy === 25 ? 'client' : 'unknown');
  if (cls === 'unknown') return { cls, pool: undefined };
  return { cls, pool: cls === 'office' ? 'office' : 'windows' };
}

export function isOneMachine(a: string, b: string): boolean {
  if (a === b) return true;
  const [full, bare] = a.includes('.') ? [a, b] : [b, a];
  if (!full.includes('.') || bare.includes('.')) return false;
  const label = full.split('.')[0] ?? '';
  return bare === label || bare === label.substring(0, 15);
}

export function census(requests: readonly LeaseRequest[], host: string, pool: Pool, t: number): number {
  const ids = new Set<string>();
  for (const request of requests) {
    if (request.host !== host || request.pool !== pool || request.hresult !== 0) continue;
    if (request.time > t - 30 * DAY_S && request.time <= t) ids.add(request.clientId);
  }
  return ids.size;
}

export function freshReport(world: World, host: string, t: number) {
  const fresh = world.reports.filter(
    (report) => report.host === host && report.time > t - world.settings.reportStaleAfter && report.time <= t,
  );
  return fresh.toSorted((a, b) => a.time - b.time).at(-1);
}

export function count(world: World, requests: readonly LeaseRequest[], host: string, pool: Pool, t: number): number {
  return Math.max(census(requests, host, pool, t), freshReport(world, host, t)?.counts[pool] ?? 0);
}

/** Whether some machine A, then some other B, then A again used the id within 30 days. */
export function isDuplicate(requests: readonly LeaseRequest[], clientId: string): boolean {
  const uses = requests.filter((request) => request.clientId === clientId);
  return uses.some((again, k) =>
    uses
      .slice(0, k)
      .some(
        (a, i) =>
          again.time - a.time <= 30 * DAY_S &&
          isOneMachine(a.machine, again.machine) &&
          uses
            .slice(i + 1, k)
            .some((b) => !isOneMachine(b.machine, a.machine) && !isOneMachine(b.machine, again.machine)),
      ),
  );
}
