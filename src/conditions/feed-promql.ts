/**
 * Whether the log of a host arrives, in PromQL: it is not being read, or the host says of itself that it was asked
 * within the hour while its newest request is older.
 */
export const FEED_STALE = `kms_host_activations_up == 0
or
(
  kms_host_activations_up == 1
  and on (job, instance, host)
  (sum by (job, instance, host) (increase(kms_host_requests_total[1h])) > 0)
  unless on (job, instance, host)
  (time() - kms_host_last_request_timestamp_seconds <= 3600)
)`;

/** Behind what rests on a host's log alone: it is not judged while that log does not arrive. */
export const unlessStale = `unless on (job, instance, host) (
${FEED_STALE.replace(/^/gm, '  ')}
)`;
