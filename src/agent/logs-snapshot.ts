import type { Config } from '../config/schema.ts';
import type { InventorySource, LogsSnapshot } from '../estate/logs-snapshot.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import type { Clock } from '../kernel/clock.ts';
import { inSeconds, millis, type Seconds, seconds } from '../kernel/time.ts';
import type { Aggregates, HostAggregates } from '../store/aggregates.ts';
import type { MachineCounts } from '../store/machines/machine-types.ts';
import type { LogHeard } from '../store/store-types.ts';
import { servesOf } from './store-settings.ts';

/** The data from the logs, with the part of the configuration that judges it. @param clock of the records */
export function logsSnapshot(
  config: Config,
  aggregates: Aggregates | undefined,
  clock: Clock,
  estate: EstateSnapshot,
  machines?: MachineCounts,
  inventory: readonly InventorySource[] = [],
): LogsSnapshot {
  const now = inSeconds(clock.now());
  return {
    aggregates: aggregates && { ...aggregates, hosts: heard(aggregates.hosts, now, estate) },
    machines,
    inventory,
    now,
    thresholds: config.thresholds,
    warnMargins: config.warn_margins,
    serves: servesOf(config),
    staleAfter: inSeconds(config.activations.stale_after),
    stalledLimit: config.leases.stalled,
    criticalWithin: inSeconds(config.leases.critical),
  };
}

/** The same for readers without the right to see names of machines: no lease has its own series. */
export function withoutMachines(logs: LogsSnapshot): LogsSnapshot {
  const { aggregates } = logs;
  if (aggregates === undefined) return logs;
  const seriesDropped = aggregates.seriesDropped + aggregates.soonest.length;
  return { ...logs, aggregates: { ...aggregates, soonest: [], seriesDropped } };
}

/** A subscription that is answered has heard the log, although there was nothing to bring; so has a push that says so. */
function heard(hosts: readonly HostAggregates[], now: Seconds, estate: EstateSnapshot): readonly HostAggregates[] {
  const readings = new Map(logsHeard(estate, now).map(({ host, time }) => [host, time]));
  if (readings.size === 0) return hosts;
  return hosts.map((host) => {
    const reading = readings.get(host.host);
    return reading === undefined
      ? host
      : { ...host, lastArrival: seconds(Math.max(host.lastArrival ?? reading, reading)) };
  });
}

/** When each log was last known to be read, whatever it had to bring. @param now by the clock of the records */
export function logsHeard({ at, hosts }: EstateSnapshot, now: Seconds): readonly LogHeard[] {
  return hosts.flatMap(({ host, subscription, report }) => {
    const known = [subscription?.lastAnswer, report?.logRead].filter((time) => time !== undefined);
    return known.length === 0 ? [] : [{ host, time: seconds(now - inSeconds(millis(at - Math.max(...known)))) }];
  });
}
