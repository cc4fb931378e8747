import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../kernel/time.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { breachTime, isKnown, marginOf, type Standing, spans } from '../../leases/margin.ts';
import { isPresent } from '../../leases/presence.ts';
import type { Pool, ThresholdClass } from '../../leases/types.ts';
import type { HostAggregates, MarginAggregates } from '../aggregates.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import type { State } from '../leases/state.ts';
import type { Census } from './count-census.ts';

const CLASSES_OF = { windows: ['client', 'server'], office: ['office'] } as const satisfies Record<
  Pool,
  readonly ThresholdClass[]
>;

/** What the log of each host shows. @param skewed machines with a clock too far off, by host @param now seconds since the epoch */
export function hostAggregates(
  state: State,
  censuses: ReadonlyMap<number, Census>,
  skewed: ReadonlyMap<number, number>,
  now: Seconds,
): HostAggregates[] {
  const pools = Map.groupBy(state.pools.all(), ({ hostNo }) => hostNo);
  return [...state.logs.byHost((name) => state.hostOf(name))]
    .filter(([, log]) => isHost(log))
    .map(([no, log]) => {
      const asked = (pools.get(no) ?? []).filter((pool) => pool.lastRequest > 0);
      const counted = asked.map((pool) => ({ pool, census: censuses.get(pool.no) ?? { count: 0, lasts: [] } }));
      return {
        host: hostNameOfRecord(state.names.hosts.name(no)),
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
        pools: counted.map(({ pool, census }) => ({
          pool: pool.pool,
          lastRequest: seconds(pool.lastRequest),
          idleLimit: seconds(pool.activity.idleLimit(now)),
          census: census.count,
        })),
        margins: counted.flatMap(({ pool, census }) => marginsOf(state, pool, log, census, now)),
        skewed: skewed.get(no) ?? 0,
      };
    });
}

/** Else it is the other name of a host that has several. */
function isHost({ lastArrival, firstRecord, gaps }: Readonly<HostLogStatus>): boolean {
  return lastArrival !== undefined || firstRecord !== undefined || gaps !== undefined;
}

function timesOf({ lastEvent, firstRecord, lastArrival, lastPush, gaps, lastGap }: Readonly<HostLogStatus>) {
  return { lastEvent, firstRecord, lastArrival, lastPush, gaps: gaps ?? 0, lastGap };
}

function marginsOf(
  { settings, reports }: State,
  { hostNo, pool, book }: HostPool,
  log: Readonly<HostLogStatus>,
  { count, lasts }: Census,
  now: Seconds,
): MarginAggregates[] {
  const standing = {
    census: count,
    reported: reports.countAt(hostNo, pool, now, settings.reportStaleAfter),
    spans: spans(log.firstRecord, log.lastGap, now),
  } satisfies Standing;
  return CLASSES_OF[pool].flatMap((cls) => {
    const n = settings.thresholds[cls];
    if (!isKnown(standing, n, isPresent(log.classes[cls] ?? [], now))) return [];
    const nth = lasts[n - 1];
    const shortSince = nth === undefined ? book.shortSince(n, now) : undefined;
    const breach = seconds(breachTime(nth, shortSince, log.firstRecord ?? now - CENSUS_WINDOW));
    return [{ cls, margin: marginOf(standing, n), breach }];
  });
}
