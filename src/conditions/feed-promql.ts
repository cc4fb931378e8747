import { HOUR_S } from '../kernel/time.ts';
import { OLD_EXPORT } from './feeds.ts';

/**
 * Whether the log of a host arrives, in PromQL: it is not being read, or the host says of itself that it was asked
 * within the hour while its newest request is older.
 */
export const FEED_STALE = `kms_host_activations_up == 0
or
(
  kms_host_activations_up == 1
  and on (job, site, instance, host)
  (sum by (job, site, instance, host) (increase(kms_host_requests_total[1h])) > 0)
  unless on (job, site, instance, host)
  (time() - kms_host_last_request_timestamp_seconds <= ${HOUR_S})
  unless on (job, site, instance, host)
  (kms_host_activations_reading == 1)
)`;

/** The same, or its history is still coming in, or it was imported once and ends long ago. */
export const UNJUDGED = `${FEED_STALE}
or
kms_host_activations_reading == 1
or
(
  time() - kms_host_last_event_timestamp_seconds > ${OLD_EXPORT}
  unless on (job, site, instance, host)
  kms_host_activations_up
)`;

/**
 * `UNJUDGED` as Prometheus records it: some ten rules ask for it, and for many agents it is the larger part of their cost.
 * The rules that do are in one group behind it, so that they see what was recorded at the same moment.
 */
export const UNJUDGED_RECORD = 'host:log:unjudged';

/** Behind what rests on a host's log alone (`unjudgedHosts`). */
export const unlessStale = `unless on (job, site, instance, host) ${UNJUDGED_RECORD}`;

/** The same expression without what Prometheus records. */
export function withoutRecords(promql: string): string {
  return promql.replace(
    new RegExp(`^( *)(.*)${UNJUDGED_RECORD}`, 'gm'),
    (_, indent: string, before: string) => `${indent}${before}(\n${UNJUDGED.replace(/^/gm, `${indent}  `)}\n${indent})`,
  );
}

/** Behind what is said of a class or of all clients: not while the history of any host is coming in. */
export const unlessAnyReading = 'unless on (job, site, instance) (kms_host_activations_reading == 1)';
