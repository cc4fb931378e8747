import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, type Millis } from '../../src/kernel/time.ts';

/** A rule, by one thing that is wrong. A value is for a time in seconds, where it needs to be. */
export interface RuleCase {
  readonly alert: string;
  /** Labels of the alert, beside its name and those of the target. */
  readonly labels: Readonly<Record<string, string>>;
  /** By the series without the labels of the target: its value while all is well, and while it is not. */
  readonly series: Readonly<Record<string, readonly [good: Value, bad: Value]>>;
}

type Value = number | ((time: number) => number);

const HOST = 'host="kms01.corp.example"';
const ON_HOST = { host: 'kms01.corp.example' };
const DOMAIN = 'domain="corp.example"';
const IN_DOMAIN = { domain: 'corp.example' };
const PORT = 'host="kms01.corp.example", port="1688"';
const AT_PORT = { ...ON_HOST, port: '1688' };
const CLASS = 'class="client"';
const OF_CLASS = { class: 'client' };
const critical = { severity: 'critical' };
const warning = { severity: 'warning' };

/** Every rule, by each of the ways in which it can come to fire; those of windows of time stand in the test. */
export const RULE_CASES: readonly RuleCase[] = [
  {
    alert: 'KmsNoHostAvailable',
    labels: { ...critical, ...IN_DOMAIN },
    series: { [`kms_domain_hosts{${DOMAIN}}`]: [2, 2], [`kms_domain_hosts_up{${DOMAIN}}`]: [1, 0] },
  },
  { alert: 'KmsNoHostAvailable', labels: critical, series: { 'kms_hosts{}': [1, 1], 'kms_hosts_up{}': [1, 0] } },
  { alert: 'KmsHostDown', labels: { ...warning, ...AT_PORT }, series: { [`kms_host_up{${PORT}}`]: [1, 0] } },
  { alert: 'KmsHostImpostor', labels: { ...warning, ...AT_PORT }, series: { [`kms_host_genuine{${PORT}}`]: [1, 0] } },
  {
    alert: 'KmsClientsBelowThreshold',
    labels: { ...critical, ...IN_DOMAIN, ...OF_CLASS },
    series: { [`kms_domain_threshold_margin{${DOMAIN}, ${CLASS}}`]: [0, -1] },
  },
  {
    alert: 'KmsHostBelowThreshold',
    labels: { ...warning, ...ON_HOST, ...OF_CLASS },
    series: { [`kms_host_threshold_margin{${HOST}, ${CLASS}}`]: [0, -1] },
  },
  {
    alert: 'KmsClientsNearThreshold',
    labels: { ...warning, ...IN_DOMAIN, ...OF_CLASS },
    series: {
      [`kms_domain_threshold_margin{${DOMAIN}, ${CLASS}}`]: [5, 4],
      [`kms_threshold_warn_margin{${CLASS}}`]: [5, 5],
    },
  },
  {
    alert: 'KmsThresholdBreachAhead',
    labels: { ...warning, ...ON_HOST, ...OF_CLASS },
    series: {
      [`kms_host_threshold_breach_timestamp_seconds{${HOST}, ${CLASS}}`]: [
        (time) => time + 14 * DAY_S,
        (time) => time + 14 * DAY_S - 1,
      ],
    },
  },
  ...(
    [
      ['KmsLeasesExpiringSoon', 'critical', critical],
      ['KmsLeasesExpiring', 'warn', warning],
      ['KmsLeasesExpired', 'ended', warning],
    ] as const
  ).map(([alert, limit, severity]) => ({
    alert,
    labels: { ...severity, ...OF_CLASS },
    series: {
      [`kms_leases_beyond_limit{${CLASS}, limit="${limit}"}`]: [3, 4],
      [`kms_leases_tolerated{${CLASS}}`]: [3, 3],
    } as const,
  })),
  {
    alert: 'KmsRenewalsStalled',
    labels: { ...warning, ...OF_CLASS },
    series: {
      [`kms_renewals_stalled_ratio{${CLASS}}`]: [0.2, 0.21],
      [`kms_renewals_stalled_limit_ratio{${CLASS}}`]: [0.2, 0.2],
      [`kms_leases{${CLASS}, state="valid"}`]: [3, 3],
      [`kms_leases{${CLASS}, state="renewal_overdue"}`]: [2, 2],
    },
  },
  {
    alert: 'KmsRenewalsFailing',
    labels: { ...warning, ...OF_CLASS },
    series: { [`kms_leases{${CLASS}, state="renewal_failing"}`]: [0, 1] },
  },
  {
    alert: 'KmsSrvRecordMissing',
    labels: { ...critical, ...IN_DOMAIN },
    series: {
      [`kms_dns_lookups_total{${DOMAIN}, server="a"}`]: [1, 1],
      [`kms_dns_lookups_total{${DOMAIN}, server="b"}`]: [1, 1],
      [`kms_dns_lookup_success{${DOMAIN}, server="a"}`]: [1, 1],
      [`kms_dns_lookup_success{${DOMAIN}, server="b"}`]: [1, 1],
      [`kms_dns_srv_records{${DOMAIN}, server="a"}`]: [0, 0],
      [`kms_dns_srv_records{${DOMAIN}, server="b"}`]: [1, 0],
    },
  },
  {
    alert: 'KmsSrvRecordMissing',
    labels: { ...warning, ...IN_DOMAIN, ...ON_HOST },
    series: { [`kms_dns_srv_record_missing{${DOMAIN}, ${HOST}}`]: [0, 1] },
  },
  {
    alert: 'KmsSrvRecordStale',
    labels: { ...warning, ...IN_DOMAIN, ...AT_PORT },
    series: {
      [`kms_dns_srv_record_info{${DOMAIN}, ${PORT}, priority="0", weight="0"}`]: [1, 1],
      [`kms_dns_srv_record_info{${DOMAIN}, ${PORT}, priority="10", weight="0"}`]: [1, 1],
      [`kms_host_probe_outcome{${PORT}, outcome="not_kms"}`]: [0, 1],
    },
  },
  {
    alert: 'KmsSrvRecordUnexpected',
    labels: { ...warning, ...IN_DOMAIN, ...AT_PORT },
    series: { [`kms_dns_srv_record_unexpected{${DOMAIN}, ${PORT}}`]: [0, 1] },
  },
  {
    alert: 'KmsDnsServersDisagree',
    labels: { ...warning, ...IN_DOMAIN },
    series: { [`kms_dns_servers_disagree{${DOMAIN}}`]: [0, 1] },
  },
  {
    alert: 'KmsDnsLookupFailing',
    labels: { ...warning, ...IN_DOMAIN, server: 'a' },
    series: { [`kms_dns_lookup_success{${DOMAIN}, server="a"}`]: [1, 0] },
  },
  {
    alert: 'KmsDnsPublishingFailed',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN },
    series: {
      [`kms_host_dns_publish_timestamp_seconds{${HOST}, ${DOMAIN}, result="success"}`]: [100, 100],
      [`kms_host_dns_publish_timestamp_seconds{${HOST}, ${DOMAIN}, result="failure"}`]: [100, 101],
    },
  },
  {
    alert: 'KmsDnsPublishingFailed',
    labels: { ...warning, ...ON_HOST },
    series: { [`kms_host_dns_publishing{${HOST}}`]: [0, 0], [`kms_host_published{${HOST}}`]: [1, 0] },
  },
  {
    alert: 'KmsHostNotActivated',
    labels: { ...critical, ...ON_HOST, product: 'Windows Server 2022', activation_id: 'x' },
    series: {
      [`kms_host_license_status{${HOST}, product="Windows Server 2022", activation_id="x", status="licensed"}`]: [1, 0],
      [`kms_host_license_status{${HOST}, product="Windows Server 2022", activation_id="x", status="notification"}`]: [
        0, 1,
      ],
    },
  },
  {
    alert: 'KmsServiceFailure',
    labels: { ...critical, ...ON_HOST },
    series: {
      [`kms_host_service_failure_timestamp_seconds{${HOST}, kind="init"}`]: [100, 100],
      [`kms_host_service_failure_timestamp_seconds{${HOST}, kind="timer"}`]: [50, 300],
      [`kms_host_last_request_timestamp_seconds{${HOST}, pool="office"}`]: [200, 200],
      [`kms_host_last_request_timestamp_seconds{${HOST}, pool="windows"}`]: [10, 10],
    },
  },
  {
    alert: 'KmsServiceFailure',
    labels: { ...critical, ...ON_HOST },
    series: {
      [`kms_host_service_failure_timestamp_seconds{${HOST}, kind="init"}`]: [100, 200],
      [`kms_host_dns_publish_timestamp_seconds{${HOST}, ${DOMAIN}, result="success"}`]: [101, 200],
      [`kms_host_dns_publish_timestamp_seconds{${HOST}, domain="other.example", result="success"}`]: [1, 1],
    },
  },
  {
    alert: 'KmsHostIdle',
    labels: { ...warning, ...ON_HOST, pool: 'windows' },
    series: {
      [`kms_host_last_request_timestamp_seconds{${HOST}, pool="windows"}`]: [
        (time) => time - 3 * DAY_S,
        (time) => time - 3 * DAY_S - 1,
      ],
      [`kms_host_idle_limit_seconds{${HOST}, pool="windows"}`]: [3 * DAY_S, 3 * DAY_S],
      [`kms_host_up{${PORT}}`]: [1, 1],
      [`kms_host_activations_up{${HOST}}`]: [1, 1],
    },
  },
  {
    alert: 'KmsActivationFeedStale',
    labels: { ...warning, ...ON_HOST },
    series: { [`kms_host_activations_up{${HOST}}`]: [1, 0] },
  },
  {
    alert: 'KmsActivationFeedStale',
    labels: { ...warning, ...ON_HOST },
    series: {
      [`kms_host_activations_up{${HOST}}`]: [1, 1],
      [`kms_host_requests_total{${HOST}, product="Windows Server 2022", activation_id="x"}`]: [
        (time) => time,
        (time) => time,
      ],
      [`kms_host_last_request_timestamp_seconds{${HOST}, pool="windows"}`]: [
        (time) => time - 3600,
        (time) => time - 3601,
      ],
    },
  },
  { alert: 'KmsReportStale', labels: { ...warning, ...ON_HOST }, series: { [`kms_host_report_up{${HOST}}`]: [1, 0] } },
  {
    alert: 'KmsRequestsFailing',
    labels: { ...warning, ...ON_HOST },
    series: {
      [`kms_requests_last_hour{${HOST}, ${CLASS}, result="ok"}`]: [95, 94],
      [`kms_requests_last_hour{${HOST}, class="office", result="sl_e_vl_key_management_service_id_mismatch"}`]: [5, 5],
    },
  },
  {
    alert: 'KmsProductRefused',
    labels: { ...warning, ...ON_HOST, product: 'Office LTSC 2024' },
    series: { [`kms_products_refused{${HOST}, product="Office LTSC 2024"}`]: [0, 1] },
  },
  {
    alert: 'KmsClientsRetrying',
    labels: { ...warning, ...ON_HOST, ...OF_CLASS },
    series: { [`kms_clients_retrying_long{${HOST}, ${CLASS}}`]: [0, 1] },
  },
  { alert: 'KmsDuplicateClientIds', labels: warning, series: { 'kms_duplicate_client_ids{}': [0, 1] } },
  {
    alert: 'KmsClientClockSkew',
    labels: { ...warning, ...ON_HOST },
    series: { [`kms_clients_skewed{${HOST}}`]: [0, 1] },
  },
  { alert: 'KmswatchStoreFailing', labels: critical, series: { 'kmswatch_store_up{}': [1, 0] } },
  {
    alert: 'KmswatchPollStalled',
    labels: { ...warning, loop: 'probe' },
    series: {
      'kmswatch_last_poll_timestamp_seconds{loop="probe"}': [(time) => time - 180, (time) => time - 181],
      'kmswatch_poll_limit_seconds{loop="probe"}': [180, 180],
    },
  },
  { alert: 'KmswatchReloadFailed', labels: warning, series: { 'kmswatch_config_last_reload_successful{}': [1, 0] } },
];

/** Those that rest on a window of time or on the target itself. */
export const CASES_OF_THEIR_OWN = ['KmsEventLogGap', 'KmswatchNotifierFailing', 'KmswatchDown'];

/** Seconds between two scrapes: as far apart as the hold allows, so that the tests are short. */
export function stepOf({ alert, labels }: RuleCase): number {
  const hold = holdOf(alert, labels['severity'] ?? '');
  if (hold > 4 * HOUR_MS) return 3600;
  if (hold > HOUR_MS) return 1200;
  return hold > 15 * MINUTE_MS ? 300 : 60;
}

/** Milliseconds. */
export function holdOf(alert: string, severity: string): Millis {
  const condition = CATALOGUE.find((each) => each.name === alert && each.severity === severity);
  if (condition === undefined) throw new Error(`there is no ${severity} ${alert}`);
  return condition.hold;
}
