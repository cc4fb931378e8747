/** Questions that the reference asks of all records. */
import { DAY_S } from '../../src/kernel/time.ts';
import type { LeaseClass, LeaseRequest, Pool } from '../../src/leases/types.ts';
import type { ModelRecord, World } from './world.ts';

/** All requests in order, each with its machine and its class. */
export function orderedRequests(world: World): LeaseRequest[] {
  const records = world.records.toSorted((a, b) => {
    if (a.time !== b.time) return a.time - b.time;
    if (a.host !== b.host) return a.host < b.host ? -1 : 1;
    if (a.log !== b.log) return a.log < b.log ? -1 : 1;
    return a.recordId - b.recordId;
  });
  const fullNames = [...new Set(records.map(({ machine }) => machine).filter((name) => name.includes('.')))];
  const named = records.map((record, index) => ({ ...record, machine: machineOf(records, fullNames, record, index) }));
  const office = officeIds(world, named);
  return named.map((record) => {
    const cls = office.has(record.activationId) && isOpen(world, record) ? 'office' : classByName(world, record);
    return { ...record, cls, pool: poolOf(cls) };
  });
}

function machineOf(
  records: readonly ModelRecord[],
  fullNames: readonly string[],
  { machine, clientId }: ModelRecord,
  index: number,
): string {
  if (machine.includes('.')) return machine;
  const fits = fullNames.filter((full) => isShortFor(machine, full));
  if (fits.length <= 1) return fits[0] ?? machine;
  const own = (among: readonly ModelRecord[]) =>
    among.filter((one) => one.clientId === clientId && fits.includes(one.machine)).map((one) => one.machine);
  return own(records.slice(0, index)).at(-1) ?? own(records.slice(index + 1))[0] ?? machine;
}

function isShortFor(bare: string, full: string): boolean {
  const label = full.split('.')[0] ?? '';
  return bare === label || bare === label.substring(0, 15);
}

/** Whether two names as a user writes them mean one machine. */
export function isOneMachine(a: string, b: string): boolean {
  if (a === b) return true;
  const [full, bare] = a.includes('.') ? [a, b] : [b, a];
  return full.includes('.') && !bare.includes('.') && isShortFor(bare, full);
}

/** No table names it, and it needs 5. */
function isOpen(world: World, { activationId, nPolicy }: ModelRecord): boolean {
  return world.product(activationId) === undefined && nPolicy === 5;
}

function classByName(world: World, { activationId, nPolicy }: ModelRecord): LeaseClass {
  const known = world.product(activationId)?.cls;
  if (known === undefined) return nPolicy === 25 ? 'client' : 'unknown';
  // What asks with 25 is no server and no Office.
  return known !== 'unknown' && nPolicy === 25 ? 'client' : known;
}

/** Products of no table that some client id, no duplicate, asked for before and after a Windows lease. */
function officeIds(world: World, records: readonly ModelRecord[]): Set<string> {
  const shared = new Set(
    [...new Set(records.map(({ clientId }) => clientId))].filter((id) => isDuplicate(world, records, id)),
  );
  const found = new Set<string>();
  for (const [i, first] of records.entries()) {
    if (!isOpen(world, first) || shared.has(first.clientId)) continue;
    const later = records.slice(i + 1).filter(({ clientId }) => clientId === first.clientId);
    const windows = later.findIndex(
      (one) => one.activationId !== first.activationId && ['client', 'server'].includes(classByName(world, one)),
    );
    const again = windows < 0 ? [] : later.slice(windows + 1);
    if (again.some((one) => one.activationId === first.activationId && isOpen(world, one)))
      found.add(first.activationId);
  }
  return found;
}

function poolOf(cls: LeaseClass): Pool | undefined {
  if (cls === 'unknown') return undefined;
  return cls === 'office' ? 'office' : 'windows';
}

type Use = Pick<LeaseRequest, 'clientId' | 'machine' | 'time'>;

/** The requests that show an id to be a duplicate: A, B, A within 30 days, or three machines within 24 hours. */
export function showingDuplicate<T extends Use>(world: World, requests: readonly T[], clientId: string): T[] {
  const uses = requests.filter((one) => one.clientId === clientId && !isEphemeral(world, one.machine));
  return uses.filter((use, k) => {
    const before = uses.slice(0, k);
    const month = before.filter(({ time }) => use.time - time <= 30 * DAY_S);
    const own = month.findIndex(({ machine }) => machine === use.machine);
    const inTurn = own >= 0 && month.slice(own).some(({ machine }) => machine !== use.machine);
    const day = before.filter(({ time }) => use.time - time <= DAY_S).map(({ machine }) => machine);
    return inTurn || new Set([...day, use.machine]).size >= 3;
  });
}

export function isDuplicate(world: World, requests: readonly Use[], clientId: string): boolean {
  return showingDuplicate(world, requests, clientId).length > 0;
}

/** The names of the model have one star at their end at most. */
export function isEphemeral({ settings }: World, machine: string): boolean {
  return settings.ephemeral.some((pattern) => machine.startsWith(pattern.replace('*', '')));
}
