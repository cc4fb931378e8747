import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import type { Pool } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import type { Aggregates, HostAggregates, PoolAggregates } from '../aggregates.ts';
import { CLASSES } from '../database/numbering.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import type { State } from '../leases/state.ts';
import type { Census } from './count-census.ts';
import type { LeaseCount } from './count-leases.ts';
import type { SkewedMachines } from './count-machines.ts';
import { hostCounts } from './host-counts.ts';

/**
 * What the log of each host shows, and its reports.
 * @param skewed machines with a clock too far off, by host @param leases what was counted of them
 * @param now seconds since the epoch
 */
export function hostAggregates(
  state: State,
  censuses: ReadonlyMap<number, Census>,
  skewed: ReadonlyMap<number, SkewedMachines>,
  { served, migration }: Pick<LeaseCount, 'served' | 'migration'>,
  now: Seconds,
): Pick<Aggregates, 'hosts' | 'reporting'> {
  const logs = [...state.logs.byHost((name) => state.hostOf(name))].filter(([, log]) => isHost(log));
  const logged = new Set(logs.map(([no]) => no));
  const silent = state.reports.hosts.filter((no) => !logged.has(no)).map((no) => [no, state.logs.of(no)] as const);
  const tell = ([no, log]: readonly [number, Readonly<HostLogStatus>]): HostAggregates => ({
    host: state.names.hosts.name(no),
    ...timesOf(log),
    failures: (['init', 'timer'] as const).flatMap((kind) => {
      const time = log.failures[kind];
      return time === undefined ? [] : [{ kind, time }];
    }),
    dnsPublish: Object.entries(log.dns).flatMap(([domain, times]) =>
      (['failure', 'success'] as const).flatMap((result) => {
        const time = times[result];
        return time === undefined ? [] : [{ domain: hostNameOfRecord(domain), result, time }];
      }),
    ),
    pools: poolAggregates(state, no, censuses, now).map((pool) =>
      isLeft(no, pool.pool, served, migration) ? { ...pool, idleLimit: NEVER_IDLE } : pool,
    ),
    lastOther: lastOther(log),
    ...hostCounts(state, no, log, censuses, { served, isMigrating: migration !== undefined }, now),
    skewed: skewed.get(no)?.count ?? 0,
    skewedNames: skewed.get(no)?.names ?? [],
  });
  return { hosts: logs.map(tell), reporting: silent.map(tell) };
}

/** A host that machines move away from is silent in the end. */
const NEVER_IDLE = seconds(Number.POSITIVE_INFINITY);

/** Whether nobody may be left who asks the host: then its silence is no news. */
function isLeft(host: number, pool: Pool, served: ReadonlySet<number>, migration: LeaseCount['migration']): boolean {
  if (migration === undefined) return false;
  // While it is a guess who has moved, that is known long after the last one asked.
  return migration.isGuessed || !CLASSES.some((cls, no) => poolOf(cls) === pool && served.has(host * 4 + no));
}

function poolAggregates(
  { pools }: State,
  host: number,
  censuses: ReadonlyMap<number, Census>,
  now: Seconds,
): PoolAggregates[] {
  return pools
    .ofHost(host)
    .filter(({ lastRequest }) => lastRequest > 0)
    .map(({ no, pool, lastRequest, activity }) => ({
      pool,
      lastRequest: seconds(lastRequest),
      idleLimit: seconds(activity.idleLimit(now)),
      census: censuses.get(no)?.count ?? 0,
    }));
}

/** The presence of a class ends 30 days after its last request. */
function lastOther({ classes }: Readonly<HostLogStatus>): Seconds | undefined {
  const last = classes.unknown?.at(-1);
  return last && seconds(last.until - CENSUS_WINDOW);
}

/** Else it is the other name of a host that has several. */
function isHost({ lastArrival, firstRecord, gaps }: Readonly<HostLogStatus>): boolean {
  return lastArrival !== undefined || firstRecord !== undefined || gaps !== undefined;
}

function timesOf({ lastEvent, firstRecord, lastArrival, lastPush, historyAt, gaps, lastGap }: Readonly<HostLogStatus>) {
  return { lastEvent, firstRecord, lastArrival, lastPush, historyAt, gaps: gaps ?? 0, lastGap };
}
