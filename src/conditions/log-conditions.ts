import { upAndDown } from '../estate/hosts-up.ts';
import { logsRead } from '../estate/log-reading.ts';
import { serviceFailures } from '../estate/service-failed.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import { instant, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { FEED_STALE, unlessStale } from './feed-promql.ts';
import { hostsWithFeed, staleFeeds } from './feeds.ts';
import { LOG_RUNBOOKS } from './runbooks/logs.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { POOL_TEMPLATE, POOL_WORDS } from './words.ts';

export const LOG_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsServiceFailure',
    severity: 'critical',
    holdsWhen:
      'the KMS service failed (12291, 12292) and has shown no sign of work since: no request, no record published, not up for 15 minutes',
    group: 'logs',
    hold: millis(5 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: serviceFailure,
    promql: `max without (kind) (kms_host_service_failure_timestamp_seconds)
and on (job, site, instance, host) (kms_host_service_failed == 1)
${unlessStale}`,
    domainLabel: 'host',
    summary:
      'The KMS service of {{ $labels.host }} failed at {{ $value | humanizeTimestamp }} and has not worked since',
    meaning:
      'Its log has event 12291 or 12292, and after that no request, no successful publishing, and no 15 minutes in which the host was up.',
    remedy: 'Restart sppsvc on {{ $labels.host }}. If it fails again, the HRESULT in the event says why.',
    runbook: LOG_RUNBOOKS.KmsServiceFailure,
  },
  {
    name: 'KmsHostIdle',
    severity: 'warning',
    holdsWhen:
      'a host is not known to be down and its log is read, but no client has asked for 72 hours and for four times its usual longest silence',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    evaluate: hostIdle,
    promql: `(time() - kms_host_last_request_timestamp_seconds > kms_host_idle_limit_seconds)
unless on (job, site, instance, host) (max by (job, site, instance, host) (kms_host_up) == 0)
and on (job, site, instance, host) (kms_host_activations_up == 1)
${unlessStale}`,
    domainLabel: 'pool',
    summary: `No client has asked {{ $labels.host }} for ${POOL_TEMPLATE} activation for {{ $value | humanizeDuration }}`,
    meaning:
      'The log of this host is being read, and it is not known to be down. This silence is more than four times its longest of the last 30 days.',
    remedy:
      'Find out what keeps clients away: a firewall, an SRV record of another host with a lower priority value, or a policy that names another host.',
    runbook: LOG_RUNBOOKS.KmsHostIdle,
  },
  {
    name: 'KmsActivationFeedStale',
    severity: 'warning',
    holdsWhen: 'the log of a host is not being read, or lacks requests that the host reports',
    group: 'logs',
    hold: HOUR_MS,
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: feedStale,
    promql: FEED_STALE,
    domainLabel: 'host',
    scope: 'agent',
    summary: 'The log of {{ $labels.host }} is not arriving',
    meaning:
      'kmswatch cannot see which clients ask {{ $labels.host }}. Leases look as if they were running out, and conditions that rest on this log alone are not judged.',
    remedy: 'Check the log shipper on {{ $labels.host }}, or the subscription to its log.',
    runbook: LOG_RUNBOOKS.KmsActivationFeedStale,
  },
  {
    name: 'KmsEventLogGap',
    severity: 'warning',
    holdsWhen: 'records of a log were overwritten before they were read, in the last day',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    evaluate: logGap,
    promql: 'increase(kms_event_log_gaps_total[1d]) > 0',
    domainLabel: 'host',
    scope: 'agent',
    summary: 'Records in the log of {{ $labels.host }} were overwritten before they were read',
    meaning: 'Some requests to {{ $labels.host }} are missing, so its count is only a lower bound for 30 days.',
    remedy:
      'Make the log "Key Management Service" larger on the host (wevtutil sl "Key Management Service" /ms:268435456), and find out why it was not read in time.',
    runbook: LOG_RUNBOOKS.KmsEventLogGap,
  },
  {
    name: 'KmsReportStale',
    severity: 'warning',
    holdsWhen: 'a host that should report on itself does not',
    group: 'logs',
    hold: millis(15 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: reportStale,
    promql: 'kms_host_report_up == 0',
    domainLabel: 'host',
    scope: 'agent',
    summary: '{{ $labels.host }} does not report on itself',
    meaning: 'Its own count, its keys and its licence status are unknown.',
    remedy:
      'The log of the agent says why the report failed. If the host pushes its report, check that the scheduled task on {{ $labels.host }} still runs.',
    runbook: LOG_RUNBOOKS.KmsReportStale,
  },
];

function serviceFailure(snapshot: ConditionSnapshot): readonly Finding[] {
  const failures = serviceFailures(snapshot.estate, snapshot.logs.aggregates?.hosts ?? []);
  return hostsWithFeed(snapshot).flatMap((host) => {
    const failed = failures.get(host.host);
    if (failed === undefined) return [];
    return [
      {
        subject: { host: host.host },
        summary: `The KMS service of ${host.host} failed at ${instant(seconds(failed))} (event 12291 or 12292) and has not worked since`,
        value: failed,
      },
    ];
  });
}

function hostIdle(snapshot: ConditionSnapshot): readonly Finding[] {
  const { estate, logs } = snapshot;
  const { down } = upAndDown(estate.endpoints);
  const read = logsRead(estate, logs);
  return hostsWithFeed(snapshot)
    .filter(({ host }) => !down.has(host) && read.get(host) === true)
    .flatMap(({ host, pools }) =>
      pools
        .filter(({ lastRequest, idleLimit }) => logs.now - lastRequest > idleLimit)
        .map(({ pool, lastRequest, idleLimit }) => ({
          subject: { host, pool },
          summary: `No client has asked ${host} for ${POOL_WORDS[pool]} activation since ${instant(lastRequest)} (${span(seconds(logs.now - lastRequest))})`,
          value: logs.now - lastRequest,
          limit: idleLimit,
        })),
    );
}

function feedStale(snapshot: ConditionSnapshot): readonly Finding[] {
  const hosts = new Map((snapshot.logs.aggregates?.hosts ?? []).map((host) => [host.host, host]));
  return [...staleFeeds(snapshot)].map(([host, fault]) => {
    const last = hosts.get(host)?.lastArrival;
    const since = last === undefined ? '' : `: the last record came at ${instant(last)}`;
    return fault === 'not_read'
      ? {
          subject: { host },
          summary: `The log of ${host} is not arriving${since}`,
        }
      : {
          subject: { host },
          summary: `${host} reports requests within the last hour, but none arrived from its log${since}`,
          remedy:
            'Check that the log shipper on {{ $labels.host }} reads the log "Key Management Service", and that the agent accepts the records it sends.',
        };
  });
}

/** Up to one scrape longer than in Prometheus, whose window must also hold the number from before the gap. */
function logGap({ logs }: ConditionSnapshot): readonly Finding[] {
  return (logs.aggregates?.hosts ?? [])
    .filter(({ lastGap }) => lastGap !== undefined && logs.now - lastGap < DAY_S)
    .map(({ host, lastGap = seconds(0) }) => ({
      subject: { host },
      summary: `Records in the log of ${host} were overwritten before they were read, as found at ${instant(lastGap)}`,
      value: 1,
      limit: 0,
    }));
}

function reportStale({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.hosts
    .filter(({ report }) => report?.up === false)
    .map(({ host, report }) => ({
      subject: { host },
      summary: `${host} does not report on itself${report?.failure === undefined ? '' : `: ${report.failure}`}`,
    }));
}
