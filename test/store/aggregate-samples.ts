import { stalledRatio } from '../../src/leases/stalled.ts';
import { AGE_DAYS, EXPIRING_WITHIN_DAYS } from '../../src/leases/tally.ts';
import type { Aggregates, ClassAggregates, HostAggregates } from '../../src/store/aggregates.ts';
import { type Samples, sampleName } from '../model/world.ts';

type Put = (metric: string, labels: Readonly<Record<string, string>>, value: number) => void;

/** Aggregates as the samples of the reference: so that both can be compared. @param unread hosts whose log is not being read */
export function samplesOf(aggregates: Aggregates, unread: readonly string[] = []): Samples {
  const samples: Record<string, number> = {};
  const put: Put = (metric, labels, value) => {
    samples[sampleName(metric, labels)] = value;
  };
  for (const host of [...aggregates.hosts, ...aggregates.reporting]) putHost(put, host);
  for (const { host, cls, result, count } of aggregates.requestsLastHour) {
    put('kms_requests_last_hour', { host, class: cls, result }, count);
  }
  for (const { host, cls, product } of aggregates.refused) {
    put('kms_products_refused', { host, class: cls, product }, 1);
  }
  for (const { host, pool, ratio, isClock } of aggregates.failedRatios) {
    put('kms_requests_failed_ratio', { host, pool }, ratio);
    if (isClock) put('kms_requests_failed_skewed', { host, pool }, 1);
  }
  for (const one of aggregates.classes) putClass(put, one, unread);
  for (const { client, clientId, product, activationId, cls, expiry } of aggregates.soonest) {
    const labels = { client, client_id: clientId, product, activation_id: activationId, class: cls };
    put('kms_lease_expiry_timestamp_seconds', labels, expiry);
  }
  put('kms_lease_series_dropped', {}, aggregates.seriesDropped);
  put('kms_clients', { kind: 'physical' }, aggregates.machines.physical);
  put('kms_clients', { kind: 'virtual' }, aggregates.machines.virtual);
  for (const { host, cls, retrying, long, skewed } of aggregates.retrying) {
    put('kms_clients_retrying', { host, class: cls }, retrying);
    if (long > 0) put('kms_clients_retrying_long', { host, class: cls }, long);
    if (skewed > 0) put('kms_clients_retrying_skewed', { host, class: cls }, skewed);
  }
  put('kms_duplicate_client_ids', {}, aggregates.duplicateClientIds);
  put('kms_duplicate_machines', {}, aggregates.duplicateMachines);
  put('kms_unknown_products', {}, aggregates.unknownProducts);
  return samples;
}

function putHost(put: Put, { host, pools, lastOther, counts, margins, skewed }: HostAggregates): void {
  for (const { pool, lastRequest, idleLimit, census } of pools) {
    put('kms_host_last_request_timestamp_seconds', { host, pool }, lastRequest);
    put('kms_host_active_clients', { host, pool }, census);
    put('kms_host_idle_limit_seconds', { host, pool }, idleLimit);
  }
  if (lastOther !== undefined) put('kms_host_last_request_timestamp_seconds', { host, pool: 'none' }, lastOther);
  for (const { pool, disagrees } of counts) put('kms_host_count_disagrees', { host, pool }, disagrees ? 1 : 0);
  for (const { cls, margin, breach } of margins) {
    put('kms_host_threshold_margin', { host, class: cls }, margin);
    if (breach !== undefined) put('kms_host_threshold_breach_timestamp_seconds', { host, class: cls }, breach);
  }
  if (skewed > 0) put('kms_clients_skewed', { host }, skewed);
}

function putClass(
  put: Put,
  { cls, tally, tolerated, renewals, isQuiet }: ClassAggregates,
  unread: readonly string[],
): void {
  const labels = { class: cls };
  for (const [state, count] of Object.entries(tally.states)) put('kms_leases', { ...labels, state }, count);
  for (const [index, days] of EXPIRING_WITHIN_DAYS.entries()) {
    put('kms_leases_expiring', { ...labels, within: `${days}d` }, tally.expiring[index] ?? Number.NaN);
  }
  for (const limit of ['warn', 'critical', 'ended'] as const) {
    put('kms_leases_beyond_limit', { ...labels, limit }, tally[limit]);
  }
  put('kms_leases_tolerated', labels, tolerated);
  const read = renewals.filter(({ host }) => !unread.includes(host));
  const sum = (of: 'heard' | 'stalled') => read.reduce((total, one) => total + one[of], 0);
  const ratio = stalledRatio({ heard: sum('heard'), stalled: sum('stalled') }, isQuiet);
  if (ratio !== undefined) put('kms_renewals_stalled_ratio', labels, ratio);
  for (const [index, days] of [...AGE_DAYS.map((day) => `${day}d`), '+Inf'].entries()) {
    put('kms_leases_by_age', { ...labels, max_age: days }, tally.byAge[index] ?? Number.NaN);
  }
  if (tally.nextExpiry !== undefined) put('kms_lease_next_expiry_timestamp_seconds', labels, tally.nextExpiry);
}
