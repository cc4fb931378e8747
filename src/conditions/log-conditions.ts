import { logsRead } from '../estate/log-reading.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { instant, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { FEED_STALE, unlessStale } from './feed-promql.ts';
import { judgedHosts, newestRequest, staleFeeds } from './feeds.ts';
import type { Picture } from './picture.ts';
import { LOG_RUNBOOKS } from './runbooks/logs.ts';

export const LOG_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsHostNotActivated',
    severity: 'critical',
    holdsWhen: 'a host key is not licensed, by the report of its host',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    evaluate: notActivated,
    promql: 'sum without (status) (kms_host_license_status{status="licensed"}) == 0',
    summary: 'The KMS host key {{ $labels.product }} of {{ $labels.host }} is not activated',
    description:
      '{{ $labels.host }} activates nobody with this key until it is activated with Microsoft: slmgr /dlv {{ $labels.activation_id }} shows its state; slmgr /ato {{ $labels.activation_id }}, or by telephone slui 4.',
    runbook: LOG_RUNBOOKS.KmsHostNotActivated,
  },
  {
    name: 'KmsServiceFailure',
    severity: 'critical',
    holdsWhen: 'the KMS service failed (12291, 12292), and has shown no sign of work since',
    group: 'logs',
    hold: millis(0),
    evaluate: serviceFailure,
    promql: `max without (kind) (kms_host_service_failure_timestamp_seconds)
unless on (job, instance, host)
max by (job, instance, host) (kms_host_last_request_timestamp_seconds)
  > on (job, instance, host) max by (job, instance, host) (kms_host_service_failure_timestamp_seconds)
unless on (job, instance, host)
max by (job, instance, host) (kms_host_dns_publish_timestamp_seconds{result="success"})
  > on (job, instance, host) max by (job, instance, host) (kms_host_service_failure_timestamp_seconds)
${unlessStale}`,
    summary:
      'The KMS service of {{ $labels.host }} failed at {{ $value | humanizeTimestamp }} and has not worked since',
    description:
      'Its log has event 12291 or 12292 and no request or successful publishing after it. Restart sppsvc on {{ $labels.host }}; if it fails again, the HRESULT of the event says why.',
    runbook: LOG_RUNBOOKS.KmsServiceFailure,
  },
  {
    name: 'KmsHostIdle',
    severity: 'warning',
    holdsWhen: 'a host that is up and read was not asked for 72 hours and four times its usual longest silence',
    group: 'logs',
    hold: millis(0),
    evaluate: hostIdle,
    promql: `(time() - kms_host_last_request_timestamp_seconds > kms_host_idle_limit_seconds)
and on (job, instance, host) (kms_host_up == 1)
and on (job, instance, host) (kms_host_activations_up == 1)
${unlessStale}`,
    summary:
      'Nobody has asked {{ $labels.host }} for {{ $labels.pool }} activation for {{ $value | humanizeDuration }}',
    description:
      'The host is up and its log is read, and this silence is four times its longest of the last 30 days. Look for what keeps clients away: a firewall, an SRV record of another host with a lower priority, a policy that names another host.',
    runbook: LOG_RUNBOOKS.KmsHostIdle,
  },
  {
    name: 'KmsActivationFeedStale',
    severity: 'warning',
    holdsWhen: 'the log of a host is not being read, or lacks requests that the host reports',
    group: 'logs',
    hold: HOUR_MS,
    evaluate: feedStale,
    promql: FEED_STALE,
    summary: 'The log of {{ $labels.host }} does not arrive',
    description:
      'Nothing is known any more of who asks {{ $labels.host }}: leases look as if they ran out, and whatever rests on this log alone is not judged. Look at the shipper on the host, or at the subscription to its log.',
    runbook: LOG_RUNBOOKS.KmsActivationFeedStale,
  },
  {
    name: 'KmsEventLogGap',
    severity: 'warning',
    holdsWhen: 'records of a log were overwritten before they were read, in the last day',
    group: 'logs',
    hold: millis(0),
    evaluate: logGap,
    promql: 'increase(kms_event_log_gaps_total[1d]) > 0',
    summary: 'Records of the log of {{ $labels.host }} were overwritten before they were read',
    description:
      'Requests are missing from what is known of {{ $labels.host }}: its count is a lower bound for 30 days. Make the log Key Management Service larger on the host (wevtutil sl "Key Management Service" /ms:67108864), and see why it was not read for so long.',
    runbook: LOG_RUNBOOKS.KmsEventLogGap,
  },
  {
    name: 'KmsReportStale',
    severity: 'warning',
    holdsWhen: 'a host that is to report on itself does not',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    evaluate: reportStale,
    promql: 'kms_host_report_up == 0',
    summary: '{{ $labels.host }} does not report on itself',
    description:
      'Its own count, keys and licence status are not known. The log of the agent says why the report failed; for a push, see whether the scheduled task on {{ $labels.host }} still runs.',
    runbook: LOG_RUNBOOKS.KmsReportStale,
  },
];

function notActivated({ estate }: Picture): readonly Finding[] {
  return estate.hosts.flatMap(({ host, report }) =>
    (report?.fresh?.keys ?? [])
      .filter(({ licenseStatus }) => licenseStatus !== undefined && licenseStatus !== 'licensed')
      .map(({ activationId, product, licenseStatus }) => ({
        subject: { host, product, activation_id: activationId },
        summary: `The KMS host key ${product} of ${host} is not activated (${licenseStatus})`,
        remedy: `Activate it with Microsoft: slmgr /ato ${activationId} on the host, or by telephone with slui 4.`,
      })),
  );
}

function serviceFailure(picture: Picture): readonly Finding[] {
  return judgedHosts(picture).flatMap((host) => {
    if (host.failures.length === 0) return [];
    const failed = Math.max(...host.failures.map(({ time }) => time));
    const successes = host.dnsPublish.filter(({ result }) => result === 'success').map(({ time }) => time);
    const worked = Math.max(newestRequest(host) ?? Number.NEGATIVE_INFINITY, ...successes);
    if (worked > failed) return [];
    return [
      {
        subject: { host: host.host },
        summary: `The KMS service of ${host.host} failed at ${instant(failed)} (event 12291 or 12292) and has not worked since`,
        remedy: 'Restart sppsvc there; if it fails again, the HRESULT in the event says why.',
        value: failed,
      },
    ];
  });
}

function hostIdle(picture: Picture): readonly Finding[] {
  const { estate, records } = picture;
  const up = new Set(estate.endpoints.filter((endpoint) => endpoint.up === true).map(({ host }) => host));
  const read = logsRead(estate, records);
  return judgedHosts(picture)
    .filter(({ host }) => up.has(host) && read.get(host) === true)
    .flatMap(({ host, pools }) =>
      pools
        .filter(({ lastRequest, idleLimit }) => records.now - lastRequest > idleLimit)
        .map(({ pool, lastRequest, idleLimit }) => ({
          subject: { host, pool },
          summary: `Nobody has asked ${host} for ${pool === 'office' ? 'Office' : 'Windows'} activation since ${instant(lastRequest)}, for ${span(records.now - lastRequest)}`,
          remedy:
            'Look for what keeps clients away: a firewall, another SRV record with a lower priority, a policy that names another host.',
          value: records.now - lastRequest,
          limit: idleLimit,
        })),
    );
}

function feedStale(picture: Picture): readonly Finding[] {
  const hosts = new Map((picture.records.aggregates?.hosts ?? []).map((host) => [host.host, host]));
  return [...staleFeeds(picture)].map(([host, fault]) => {
    const last = hosts.get(host)?.lastArrival;
    const since = last === undefined ? '' : `: the last record came at ${instant(last)}`;
    return fault === 'not_read'
      ? {
          subject: { host },
          summary: `The log of ${host} does not arrive${since}`,
          remedy:
            'Look at the shipper on the host, or at the subscription to its log; nothing is known of its clients.',
        }
      : {
          subject: { host },
          summary: `${host} says that it was asked within the hour, and no request came from its log${since}`,
          remedy:
            'Look whether the shipper reads the log "Key Management Service", and whether what it sends is taken.',
        };
  });
}

/** Up to one scrape longer than Prometheus, whose window has to hold the number before the gap as well. */
function logGap({ records }: Picture): readonly Finding[] {
  return (records.aggregates?.hosts ?? [])
    .filter(({ lastGap }) => lastGap !== undefined && records.now - lastGap < DAY_S)
    .map(({ host, lastGap = 0 }) => ({
      subject: { host },
      summary: `Records of the log of ${host} were overwritten before they were read, found at ${instant(lastGap)}`,
      remedy: 'Make the log "Key Management Service" larger on the host, and see why it was not read for so long.',
      value: 1,
      limit: 0,
    }));
}

function reportStale({ estate, records }: Picture): readonly Finding[] {
  const read = logsRead(estate, records);
  return estate.hosts
    .filter(({ report }) => report?.up === false)
    .map(({ host, report }) => ({
      subject: { host },
      summary: `${host} does not report on itself${report?.failure === undefined ? '' : `: ${report.failure}`}`,
      remedy: read.get(host)
        ? 'Its log still arrives; its own count, keys and licence status are not known. See why the report fails.'
        : 'Its own count, keys and licence status are not known. See why the report fails.',
    }));
}
