import { type Seconds, seconds } from '../../kernel/time.ts';
import { countAskers } from '../../leases/askers.ts';
import { CENSUS_WINDOW } from '../../leases/census-window.ts';
import { type CountFacts, countOf, disagrees, isKnown } from '../../leases/count.ts';
import { belowSince, breachOf, breachTime, spans } from '../../leases/margin.ts';
import { type CountReport, ownNumber } from '../../leases/reported.ts';
import { MANY_CLIENTS, mayServe, type Serving, serves } from '../../leases/serving.ts';
import type { Pool, ThresholdClass } from '../../leases/types.ts';
import { classesOfKey } from '../../products/key-classes.ts';
import type { HostAggregates } from '../aggregates.ts';
import { classNo, POOLS } from '../database/numbering.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import { covers } from '../leases/pool-history.ts';
import type { State } from '../leases/state.ts';
import type { Census } from './count-census.ts';

const CLASSES_OF = { windows: ['client', 'server'], office: ['office'] } as const satisfies Record<
  Pool,
  readonly ThresholdClass[]
>;

/** Hosts and classes of unexpired leases, without machines that have moved, and whether any may have. */
interface Served {
  readonly served: ReadonlySet<number>;
  readonly isMigrating: boolean;
}

const NOBODY_LEFT = { clients: 0, hasLease: false, hasRecords: true, keyClasses: [], hadMany: () => false };

/** How many clients a host has, by its own word and by its log, and what that is worth. @param now seconds since the epoch */
export function hostCounts(
  state: State,
  host: number,
  log: Readonly<HostLogStatus>,
  censuses: ReadonlyMap<number, Census>,
  served: Served,
  now: Seconds,
): Pick<HostAggregates, 'counts' | 'margins' | 'open'> {
  // Of what a host is there for, that nobody asked counts: its log may show that there are none.
  const configured: readonly ThresholdClass[] = state.settings.serves[state.names.hosts.name(host)] ?? [];
  const known = POOLS.filter(
    (pool) =>
      state.reports.has(host) ||
      state.pools.find(host, pool) !== undefined ||
      CLASSES_OF[pool].some((cls) => configured.includes(cls)),
  );
  const facts = new Map(
    known.map((pool) => {
      const census = censuses.get(state.pools.find(host, pool)?.no ?? 0)?.count ?? 0;
      return [pool, withWholeCensus(state.historyOf(host, pool).countAt(now), census)];
    }),
  );
  return {
    counts: [...facts].flatMap(([pool, one]) =>
      one.own?.exact === true && !one.own.isHeld
        ? [{ pool, own: one.own.value, census: one.census, disagrees: disagrees(one) }]
        : [],
    ),
    margins: [...facts].flatMap(([pool, one]) => {
      const census = censuses.get(state.pools.at(host, pool).no);
      const classes: readonly ThresholdClass[] = CLASSES_OF[pool];
      return classes.flatMap((cls) => {
        const n = state.settings.thresholds[cls];
        if (!isKnown(one, n) || !serves(servingOf(state, host, log, cls, served, now), cls)) return [];
        const breach = breachAt(state, host, pool, { facts: one, lasts: census?.lasts ?? [] }, log, n, now);
        return [{ cls, margin: countOf(one) - n, breach: breach === undefined ? undefined : seconds(breach) }];
      });
    }),
    open: POOLS.flatMap((pool) => {
      const one = facts.get(pool);
      const isYoung = !spans(log.firstRecord, log.gapTimes ?? [], now);
      const classes: readonly ThresholdClass[] = CLASSES_OF[pool];
      return classes.filter((cls) => {
        const n = state.settings.thresholds[cls];
        const serving = servingOf(state, host, log, cls, served, now);
        if (!mayServe(serving, cls, isYoung)) return false;
        // One that is known to be too small is no better host, whether it serves the class or not.
        return one === undefined || !isKnown(one, n) || (countOf(one) >= n && !serves(serving, cls));
      });
    }),
  };
}

/** The history tells censuses apart as far as an N-policy asks, which is no more than some multiple of it. */
function withWholeCensus(facts: CountFacts, census: number): CountFacts {
  return { ...facts, census: Math.max(facts.census, census), wide: Math.max(facts.wide, census) };
}

function servingOf(
  state: State,
  host: number,
  log: Readonly<HostLogStatus>,
  cls: ThresholdClass,
  { served, isMigrating }: Served,
  now: Seconds,
): Serving {
  const { settings, reports, names } = state;
  const since = now - CENSUS_WINDOW;
  const fresh = reports.freshAt(host, now, settings.reportStaleAfter);
  const configured = settings.serves[names.hosts.name(host)];
  // Those who asked lately may have moved since, and what its keys cover is nobody's concern then.
  if (isMigrating && !served.has(host * 4 + classNo(cls))) return { ...NOBODY_LEFT, configured };
  return {
    configured,
    clients: countAskers(log.askers?.[cls] ?? [], since, now),
    hasLease: served.has(host * 4 + classNo(cls)),
    hasRecords: log.lastEvent !== undefined && log.lastEvent > since,
    keyClasses: fresh?.keys.flatMap(({ key, pool }) => classesOfKey(key, pool)) ?? [],
    hadMany: () => {
      for (const report of reports.newestFirst(host, since, now)) {
        if ((numberIn(state, host, 'windows', report) ?? 0) > MANY_CLIENTS) return true;
      }
      return false;
    },
  };
}

function breachAt(
  state: State,
  host: number,
  pool: Pool,
  { facts, lasts }: { readonly facts: CountFacts; readonly lasts: readonly number[] },
  { firstRecord }: Readonly<HostLogStatus>,
  n: number,
  now: Seconds,
): number | undefined {
  return breachOf(facts, n, {
    reportsBelowSince: () =>
      belowSince(state.reports.newestFirst(host, 0, now), (report) => numberIn(state, host, pool, report), n),
    censusBelowAt: () => {
      const nth = lasts[n - 1];
      const shortSince = nth === undefined ? state.pools.at(host, pool).book.shortSince(n, now) : undefined;
      return breachTime(nth, shortSince, firstRecord);
    },
  });
}

function numberIn({ logs, names }: State, host: number, pool: Pool, report: CountReport): number | undefined {
  const asked = () => [...logs.asked(host).at(report.time)].map((product) => names.products.name(product));
  return ownNumber(report, pool, covers, asked);
}
