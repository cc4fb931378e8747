import type { Config } from '../config/schema.ts';
import type { RecordsView } from '../estate/records.ts';
import type { EstateView } from '../estate/view.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';

/** The data from the logs, with the part of the configuration that judges it. @param clock of the records */
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
    criticalWithin: config.leases.critical / 1000,
  };
}

/** The same for readers without the right to see names of machines: no lease has its own series. */
export function withoutMachines(records: RecordsView): RecordsView {
  const { aggregates } = records;
  if (aggregates === undefined) return records;
  const seriesDropped = aggregates.seriesDropped + aggregates.soonest.length;
  return { ...records, aggregates: { ...aggregates, soonest: [], seriesDropped } };
}

/** A subscription that is answered has heard the log, although there was nothing to bring. */
function heard(
  hosts: readonly HostAggregates[],
  now: number,
  { at, hosts: views }: EstateView,
): readonly HostAggregates[] {
  const answers = new Map(
    views.flatMap(({ host, subscription }) =>
      subscription?.lastAnswer === undefined ? [] : [[host, now - (at - subscription.lastAnswer) / 1000] as const],
    ),
  );
  if (answers.size === 0) return hosts;
  return hosts.map((host) => {
    const answer = answers.get(host.host);
    return answer === undefined ? host : { ...host, lastArrival: Math.max(host.lastArrival ?? answer, answer) };
  });
}
