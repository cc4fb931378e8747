import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import type { Condition } from '../../src/conditions/condition.ts';
import { DAY_S, HOUR_MS, MINUTE_MS, type Millis } from '../../src/kernel/time.ts';

/** A rule, by one thing that is wrong. A value is for a time in seconds, where it needs to be. */
export interface RuleCase {
  readonly alert: string;
  /** Labels of the alert, beside its name and those of the target. */
  readonly labels: Readonly<Record<string, string>>;
  /** By the series without the labels of the target: its value while all is well, and while it is not. */
  readonly series: Readonly<Record<string, readonly [good: Value, bad: Value]>>;
  /** What its text tells beside them. */
  readonly evidence?: RuleCase['series'];
}

type Value = number | ((time: number) => number);

const HOST = 'host="kms01.corp.example"';
const ON_HOST = { host: 'kms01.corp.example' };
const DOMAIN = 'domain="corp.example"';
const IN_DOMAIN = { domain: 'corp.example' };
const PORT = 'host="kms01.corp.example", port="1688"';
const AT_PORT = { ...ON_HOST, port: '1688' };
const CLASS = 'class="client"';
/** The host is one of the domain. */
const OF_DOMAIN = { [`kms_domain_host_info{${DOMAIN}, ${HOST}}`]: [1, 1] } as const;
const ENDPOINT = { [`kms_domain_endpoint_info{${DOMAIN}, ${PORT}}`]: [1, 1] } as const;
const OF_CLASS = { class: 'client' };
const critical = { severity: 'critical' };
const warning = { severity: 'warning' };

/** Every rule, by each of the ways in which it can come to fire; those of windows of time are in the test. */
export const RULE_CASES: readonly RuleCase[] = [
  {
    alert: 'KmsNoHostAvailable',
    labels: { ...critical, ...IN_DOMAIN, hosts: 'kms01, kms02' },
    series: {
      [`kms_estate_hosts_info{${DOMAIN}, hosts="kms01, kms02"}`]: [1, 1],
      [`kms_domain_hosts{${DOMAIN}}`]: [2, 2],
      [`kms_domain_hosts_up{${DOMAIN}}`]: [1, 0],
      [`kms_domain_hosts_unknown{${DOMAIN}}`]: [0, 0],
    },
  },
  {
    alert: 'KmsNoHostAvailable',
    labels: { ...critical, ...IN_DOMAIN, hosts: 'kms01, kms02' },
    series: {
      [`kms_estate_hosts_info{${DOMAIN}, hosts="kms01, kms02"}`]: [1, 1],
      [`kms_domain_hosts{${DOMAIN}}`]: [2, 2],
      [`kms_domain_hosts_up{${DOMAIN}}`]: [0, 0],
      [`kms_domain_hosts_unknown{${DOMAIN}}`]: [1, 0],
    },
  },
  {
    alert: 'KmsNoHostAvailable',
    labels: { ...critical, hosts: 'kms01' },
    series: {
      'kms_estate_hosts_info{domain="", hosts="kms01"}': [1, 1],
      'kms_hosts{}': [1, 1],
      'kms_hosts_up{}': [1, 0],
      'kms_hosts_unknown{}': [0, 0],
    },
  },
  {
    alert: 'KmsHostDown',
    labels: { ...warning, ...AT_PORT, ...IN_DOMAIN },
    series: {
      ...ENDPOINT,
      [`kms_host_up{${PORT}}`]: [1, 0],
      [`kms_host_probe_outcome{${PORT}, outcome="ok"}`]: [1, 0],
      [`kms_host_probe_outcome{${PORT}, outcome="refused"}`]: [0, 1],
    },
  },
  {
    alert: 'KmsHostDown',
    labels: { ...warning, ...AT_PORT, other_ports: 'up' },
    series: {
      [`kms_domain_endpoint_info{domain="", ${PORT}}`]: [1, 1],
      [`kms_host_up{${PORT}}`]: [1, 0],
      [`kms_host_up{${HOST}, port="1689"}`]: [1, 1],
    },
  },
  {
    alert: 'KmsHostImpostor',
    labels: { ...warning, ...AT_PORT, ...IN_DOMAIN },
    series: { ...ENDPOINT, [`kms_host_genuine{${PORT}}`]: [1, 0] },
  },
  {
    alert: 'KmsClientsBelowThreshold',
    labels: { ...critical, ...IN_DOMAIN, ...OF_CLASS },
    series: { [`kms_domain_threshold_margin{${DOMAIN}, ${CLASS}}`]: [0, -1] },
    evidence: {
      ...OF_DOMAIN,
      [`kms_host_threshold_margin{${HOST}, ${CLASS}}`]: [-1, -1],
      [`kms_host_threshold_margin{${HOST}, class="server"}`]: [19, 19],
      [`kms_activation_threshold{${CLASS}}`]: [25, 25],
      [`kms_activation_threshold{class="server"}`]: [5, 5],
    },
  },
  {
    alert: 'KmsHostBelowThreshold',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, ...OF_CLASS },
    series: { ...OF_DOMAIN, [`kms_host_threshold_margin{${HOST}, ${CLASS}}`]: [0, -1] },
  },
  {
    alert: 'KmsCountDisagrees',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, pool: 'windows' },
    series: { ...OF_DOMAIN, [`kms_host_count_disagrees{${HOST}, pool="windows"}`]: [0, 1] },
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
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, ...OF_CLASS },
    series: {
      ...OF_DOMAIN,
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
      [`kms_dns_lookup_success{${DOMAIN}, server="a"}`]: [1, 1],
      [`kms_dns_lookup_success{${DOMAIN}, server="b"}`]: [1, 1],
      [`kms_dns_srv_records{${DOMAIN}, server="a"}`]: [0, 0],
      [`kms_dns_srv_records{${DOMAIN}, server="b"}`]: [1, 0],
    },
  },
  {
    alert: 'KmsSrvRecordMissing',
    labels: { ...critical, ...IN_DOMAIN },
    series: {
      [`kms_dns_lookup_success{${DOMAIN}, server="a"}`]: [1, 1],
      [`kms_dns_srv_records{${DOMAIN}, server="a"}`]: [1, 0],
      [`kms_dns_srv_records{${DOMAIN}, server="b"}`]: [1, 1],
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
    alert: 'KmsDnsServersDisagree',
    labels: { ...warning, ...IN_DOMAIN, partial: 'yes' },
    series: {
      [`kms_dns_servers_disagree{${DOMAIN}}`]: [0, 1],
      [`kms_dns_srv_record_partial{${DOMAIN}, ${PORT}}`]: [1, 1],
      [`kms_host_up{${PORT}}`]: [1, 0],
    },
  },
  {
    alert: 'KmsSrvRecordUnexpected',
    labels: { ...warning, ...IN_DOMAIN, ...AT_PORT, partial: 'yes' },
    series: {
      [`kms_dns_srv_record_unexpected{${DOMAIN}, ${PORT}}`]: [0, 1],
      [`kms_dns_srv_record_partial{${DOMAIN}, ${PORT}}`]: [1, 1],
    },
  },
  {
    alert: 'KmsDnsLookupFailing',
    labels: { ...warning, ...IN_DOMAIN, server: 'a' },
    series: { [`kms_dns_lookup_success{${DOMAIN}, server="a"}`]: [1, 0] },
  },
  {
    alert: 'KmsDnsLookupFailing',
    labels: { ...warning, ...AT_PORT },
    series: { [`kms_host_probe_outcome{${PORT}, outcome="lookup_failed"}`]: [0, 1] },
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
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, publishing: 'off' },
    series: {
      ...OF_DOMAIN,
      [`kms_host_dns_publishing{${HOST}}`]: [0, 0],
      [`kms_host_published{${HOST}}`]: [1, 0],
    },
  },
  {
    alert: 'KmsHostNotActivated',
    labels: {
      ...critical,
      ...ON_HOST,
      ...IN_DOMAIN,
      product: 'Windows Server 2022',
      activation_id: 'x',
      pool: 'windows',
    },
    series: {
      ...OF_DOMAIN,
      [`kms_host_key_info{${HOST}, pool="windows", product="Windows Server 2022", activation_id="x", partial_key="ABCDE"}`]:
        [1, 1],
      [`kms_host_license_status{${HOST}, product="Windows Server 2022", activation_id="x", status="licensed"}`]: [1, 0],
      [`kms_host_license_status{${HOST}, product="Windows Server 2022", activation_id="x", status="notification"}`]: [
        0, 1,
      ],
    },
  },
  {
    alert: 'KmsServiceFailure',
    labels: { ...critical, ...ON_HOST, ...IN_DOMAIN },
    series: {
      ...OF_DOMAIN,
      [`kms_host_service_failure_timestamp_seconds{${HOST}, kind="init"}`]: [100, 100],
      [`kms_host_service_failure_timestamp_seconds{${HOST}, kind="timer"}`]: [50, 300],
      [`kms_host_service_failed{${HOST}}`]: [0, 1],
    },
  },
  {
    alert: 'KmsHostIdle',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, pool: 'windows' },
    series: {
      ...OF_DOMAIN,
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
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN },
    series: { ...OF_DOMAIN, [`kms_host_activations_up{${HOST}}`]: [1, 0] },
  },
  {
    alert: 'KmsActivationFeedStale',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN },
    series: {
      ...OF_DOMAIN,
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
  {
    alert: 'KmsReportStale',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN },
    series: { ...OF_DOMAIN, [`kms_host_report_up{${HOST}}`]: [1, 0] },
  },
  {
    alert: 'KmsRequestsFailing',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, pool: 'office' },
    series: {
      ...OF_DOMAIN,
      [`kms_requests_failed_ratio{${HOST}, pool="windows"}`]: [0.05, 0.05],
      [`kms_requests_failed_ratio{${HOST}, pool="office"}`]: [0.05, 0.051],
    },
    evidence: {
      [`kms_requests_last_hour{${HOST}, class="office", result="ok"}`]: [130, 130],
      [`kms_requests_last_hour{${HOST}, class="office", result="sl_e_vl_invalid_timestamp"}`]: [7, 7],
      [`kms_requests_last_hour{${HOST}, class="office", result="other"}`]: [0, 0],
    },
  },
  {
    alert: 'KmsProductRefused',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, class: 'office', pool: 'office', product: 'Office LTSC 2024' },
    series: { ...OF_DOMAIN, [`kms_products_refused{${HOST}, class="office", product="Office LTSC 2024"}`]: [0, 1] },
  },
  {
    alert: 'KmsHostKeyMissing',
    labels: { ...critical, ...ON_HOST, ...IN_DOMAIN, pool: 'office' },
    series: {
      ...OF_DOMAIN,
      [`kms_host_key_info{${HOST}, pool="windows", product="Windows Server 2022", activation_id="x", partial_key="ABCDE"}`]:
        [1, 1],
      [`kms_host_key_missing{${HOST}, pool="windows"}`]: [0, 0],
      [`kms_host_key_missing{${HOST}, pool="office"}`]: [0, 1],
    },
  },
  {
    alert: 'KmsHostKeyMissing',
    labels: { ...critical, ...ON_HOST, ...IN_DOMAIN, pool: 'windows', keys: 'none' },
    series: { ...OF_DOMAIN, [`kms_host_key_missing{${HOST}, pool="windows"}`]: [0, 1] },
  },
  {
    alert: 'KmsActivationObjectUnexpected',
    labels: { ...warning, object: 'Windows Server 2022' },
    series: { 'kms_activation_object_unexpected{object="Windows Server 2022"}': [0, 1] },
  },
  {
    alert: 'KmsMachinesNotRenewing',
    labels: { ...warning, class: 'client', verdict: 'never_asked' },
    series: {
      'kms_machines_not_renewing{class="client", verdict="never_asked"}': [5, 6],
      'kms_machines_not_renewing{class="client", verdict="not_renewing"}': [0, 0],
      'kms_machines_not_renewing_tolerated{}': [5, 5],
    },
  },
  {
    alert: 'KmsProductNotCovered',
    labels: { ...warning, product: 'Office LTSC 2024' },
    series: { 'kms_products_not_covered{product="Office LTSC 2024"}': [0, 1] },
  },
  {
    alert: 'KmsInventoryStale',
    labels: { ...warning, source: 'computers.csv' },
    series: { 'kms_inventory_stale{source="computers.csv"}': [0, 1] },
  },
  {
    alert: 'KmsClientsRetrying',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, ...OF_CLASS, pool: 'windows' },
    series: { ...OF_DOMAIN, [`kms_clients_retrying_long{${HOST}, ${CLASS}}`]: [0, 1] },
  },
  {
    alert: 'KmsClientsRetrying',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, ...OF_CLASS, pool: 'windows', clock: 'wrong' },
    series: {
      ...OF_DOMAIN,
      [`kms_clients_retrying_long{${HOST}, ${CLASS}}`]: [0, 2],
      [`kms_clients_retrying_skewed{${HOST}, ${CLASS}}`]: [0, 2],
    },
  },
  {
    alert: 'KmsRequestsFailing',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN, pool: 'windows', clock: 'wrong' },
    series: {
      ...OF_DOMAIN,
      [`kms_requests_failed_ratio{${HOST}, pool="windows"}`]: [0.05, 0.06],
      [`kms_requests_failed_skewed{${HOST}, pool="windows"}`]: [1, 1],
    },
  },
  { alert: 'KmsDuplicateClientIds', labels: warning, series: { 'kms_duplicate_client_ids{}': [0, 1] } },
  {
    alert: 'KmsClientClockSkew',
    labels: { ...warning, ...ON_HOST, ...IN_DOMAIN },
    series: { ...OF_DOMAIN, [`kms_clients_skewed{${HOST}}`]: [0, 1] },
  },
  { alert: 'KmsNothingWatched', labels: warning, series: { 'kms_watched{}': [1, 0] } },
  { alert: 'KmswatchStoreFailing', labels: critical, series: { 'kmswatch_store_up{}': [1, 0] } },
  {
    alert: 'KmswatchPollStalled',
    labels: { ...warning, loop: 'probe' },
    series: {
      'kmswatch_last_poll_timestamp_seconds{loop="probe"}': [(time) => time - 180, (time) => time - 181],
      'kmswatch_poll_limit_seconds{loop="probe"}': [180, 180],
    },
  },
  {
    alert: 'KmswatchClockStepped',
    labels: warning,
    series: { 'kmswatch_clock_behind_seconds{}': [DAY_S, DAY_S + 1], 'kmswatch_clock_steps_total{}': [0, 0] },
  },
  { alert: 'KmswatchReloadFailed', labels: warning, series: { 'kmswatch_config_last_reload_successful{}': [1, 0] } },
];

/** Those that rest on a window of time or on the target itself. */
export const CASES_OF_THEIR_OWN = [
  'KmsEventLogGap',
  'KmswatchNotifierFailing',
  'KmswatchDown',
  'KmswatchReplicaDown',
  'KmswatchSiteMissing',
];

/** Seconds between two scrapes: as far apart as the hold allows, so that the tests are short. */
export function stepOf({ alert, labels }: RuleCase): number {
  const hold = holdOf(alert, labels);
  if (hold > 4 * HOUR_MS) return 3600;
  if (hold > HOUR_MS) return 1200;
  return hold > 15 * MINUTE_MS ? 300 : 60;
}

/** The labels of a target that an alert has: two agents of one site are one alert. */
export function targetOf(
  alert: string,
  severity: string,
  { instance = '', ...site }: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return conditionOf(alert, severity).scope === 'agent' ? { ...site, instance } : site;
}

/** Milliseconds. */
export function holdOf(alert: string, labels: RuleCase['labels']): Millis {
  return conditionOf(alert, labels['severity'] ?? '', isVariant(labels)).hold;
}

/** Milliseconds. */
export function keepOf(alert: string, labels: RuleCase['labels']): number {
  return conditionOf(alert, labels['severity'] ?? '', isVariant(labels)).keepFiring ?? 0;
}

/** Whether it is the alert about a record that only some name servers have, or about clients that have a wrong clock. */
function isVariant(labels: RuleCase['labels']): boolean {
  return labels['partial'] !== undefined || labels['clock'] !== undefined;
}

function conditionOf(alert: string, severity: string, isOfVariant = false): Condition {
  const condition = CATALOGUE.find(
    (each) => each.name === alert && each.severity === severity && (each.variant !== undefined) === isOfVariant,
  );
  if (condition === undefined) throw new Error(`there is no ${severity} ${alert}`);
  return condition;
}
