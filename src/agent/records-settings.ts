import type { Config } from '../config/schema.ts';
import type { RecordsView } from '../estate/records.ts';
import type { EstateView } from '../estate/view.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';

/** What the logs tell, with the part of the configuration that judges it. @param clock of the records */
export function recordsView(
  config: Config,
  aggregates: Aggregates | undefined,
  clock: Clock,
  estate: EstateView,
): RecordsView {
  const now = clock.now() / 1000;
  return {
    aggregates: aggregates && { ...aggregates, hosts: heard(aggregates.hosts, now, estate) },
    now,
    thresholds: config.thresholds,
    warnMargins: config.warn_margins,
    staleAfter: config.activations.stale_after / 1000,
    stalledLimit: config.leases.stalled,
  };
}

/** The same for whoever may not see the names of machines: no lease has a series of its own. */
export function withoutMachines(records: RecordsView): RecordsView {
  const { aggregates } = records;
  if (aggregates === undefined) return records;
  const seriesDropped = aggregates.seriesDropped + aggregates.soonest.length;
  return { ...records, aggregates: { ...aggregates, soonest: [], seriesDropped } };
}

/** A subscription that is answered has heard the log, although there was nothing to bring; so has a push that says so. */
function heard(
  hosts: readonly HostAggregates[],
  now: number,
  { at, hosts: views }: EstateView,
): readonly HostAggregates[] {
  const readings = new Map(
    views.flatMap(({ host, subscription, report }) => {
      const known = [subscription?.lastAnswer, report?.logRead].filter((time) => time !== undefined);
      return known.length === 0 ? [] : [[host, now - (at - Math.max(...known)) / 1000] as const];
    }),
  );
  if (readings.size === 0) return hosts;
  return hosts.map((host) => {
    const reading = readings.get(host.host);
    return reading === undefined ? host : { ...host, lastArrival: Math.max(host.lastArrival ?? reading, reading) };
  });
}
