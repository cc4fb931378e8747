import { hostList, hostsOfEstate } from '../estate/host-domains.ts';
import type { DomainSnapshot, EndpointSnapshot, EstateSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import { listed } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { DOWN_ENDPOINT, DOWN_HOSTS } from './evidence.ts';
import { ONLY_HOST, remedyFor, safeRemedyFor } from './outcome-remedies.ts';
import { besidesPartial } from './partial-records.ts';
import { HOST_RUNBOOKS } from './runbooks/hosts.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { isStaleStranger, STALE_PROBES } from './srv-targets.ts';

export const HOST_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsNoHostAvailable',
    severity: 'critical',
    holdsWhen: 'a domain has KMS hosts, none of them is up and none is unknown, or the same of all hosts',
    group: 'hosts',
    hold: millis(5 * MINUTE_MS),
    keepFiring: millis(5 * MINUTE_MS),
    evaluate: noHostAvailable,
    promql: `kms_estate_hosts_info
* on (job, site, instance, domain) group_left () (
  (kms_domain_hosts_up == 0 and kms_domain_hosts_unknown == 0 and kms_domain_hosts > 0)
  or
  (kms_hosts_up == 0 and kms_hosts_unknown == 0 and kms_hosts > 0)
)`,
    scope: { unless: 'kms_domain_hosts_up > 0 or kms_hosts_up > 0', on: ['domain'] },
    summary:
      'No KMS host {{ if $labels.domain }}of {{ $labels.domain }}{{ else }}known here{{ end }} is up: {{ $labels.hosts }}',
    evidence: DOWN_HOSTS,
    meaning:
      'No client {{ if $labels.domain }}in {{ $labels.domain }}{{ else }}anywhere{{ end }} can activate or renew. Clients stay activated for 180 days after their last renewal, but new machines cannot activate at all.',
    remedy: 'Bring at least one host back. kmswatch check shows what is wrong with each host.',
    runbook: HOST_RUNBOOKS.KmsNoHostAvailable,
  },
  ...besidesPartial({
    name: 'KmsHostDown',
    severity: 'warning',
    holdsWhen:
      'no address of a host accepts a bind to the KMS interface; a host known from DNS alone whose record is stale is left to KmsSrvRecordStale',
    group: 'hosts',
    hold: millis(5 * MINUTE_MS),
    keepFiring: millis(5 * MINUTE_MS),
    evaluate: hostDown,
    promql: `(
  kms_host_up == 0
  unless ignoring (outcome) (
    ${STALE_PROBES}
    and ignoring (outcome, domain, priority, weight) kms_dns_srv_record_info
    unless ignoring (outcome, port) kms_host_expected == 1
  )
)
+ on (job, site, instance, host) group_left (other_ports) (
  label_replace(0 * (max by (job, site, instance, host) (kms_host_up) == 1), "other_ports", "up", "", "")
  or
  max by (job, site, instance, host) (kms_host_up) == 0
)`,
    domainLabel: 'port',
    ownLabels: ['other_ports'],
    scope: { unless: 'kms_host_up == 1', on: ['host', 'port'] },
    summary: 'KMS host {{ $labels.host }}:{{ $labels.port }} is not up',
    meaning: 'No address of {{ $labels.host }} accepted a bind to the KMS interface on TCP port {{ $labels.port }}.',
    evidence: DOWN_ENDPOINT,
    remedy: 'kmswatch check --host {{ $labels.host }}:{{ $labels.port }} shows what to do.',
    runbook: HOST_RUNBOOKS.KmsHostDown,
  }),
  {
    name: 'KmsHostImpostor',
    severity: 'warning',
    holdsWhen: 'a host accepts a bind to any interface',
    group: 'hosts',
    hold: millis(15 * MINUTE_MS),
    evaluate: impostor,
    promql: 'kms_host_genuine == 0',
    domainLabel: 'port',
    summary:
      '{{ $labels.host }}:{{ $labels.port }} accepts a bind to any interface, so it is probably not a Windows KMS host',
    meaning:
      'A genuine host refuses a bind to an interface that does not exist. {{ $labels.host }} accepted one, as KMS emulators do.',
    remedy: `Find out what runs there and who set it up. If it is not yours, remove its SRV record. ${ONLY_HOST}`,
    runbook: HOST_RUNBOOKS.KmsHostImpostor,
  },
];

function noHostAvailable({ estate }: ConditionSnapshot): readonly Finding[] {
  const dark = estate.domains.filter(isDark).map((domain) => ({
    subject: { domain: domain.name, hosts: hostList(domain.hosts) },
    summary: `${none(domain.hostCount ?? 0, `of ${domain.name}`)} up: ${reasons(estate, domain.hosts)}`,
    remedy: darkRemedy(estate, domain.hosts),
    value: 0,
    limit: 1,
  }));
  const all = hostsOfEstate(estate) ?? [];
  const everywhere =
    estate.hostCount !== undefined && estate.hostCount > 0 && noneUp(estate)
      ? [
          {
            subject: { hosts: hostList(all) },
            summary: `${none(estate.hostCount, 'known here')} up: ${reasons(estate, all)}`,
            remedy: darkRemedy(estate, all),
            value: 0,
            limit: 1,
          },
        ]
      : [];
  return [...everywhere, ...dark];
}

/** How many hosts one text tells of one by one. */
const MOST_TOLD = 5;

/** Why each of them is down. */
function reasons({ endpoints }: EstateSnapshot, hosts: readonly HostName[]): string {
  const told = hosts.toSorted().map((host) => {
    const own = endpoints.filter((endpoint) => endpoint.host === host);
    const details = new Set(own.flatMap(({ probe }) => (probe === undefined ? [] : [probe.detail])));
    return details.size === 0 ? host : `${host} (${[...details].join('; ')})`;
  });
  return listed(told, MOST_TOLD);
}

/** The remedy for each way in which they fail. */
function darkRemedy(estate: EstateSnapshot, hosts: readonly HostName[]): string {
  const own = estate.endpoints.filter(({ host }) => hosts.includes(host));
  const remedies = Map.groupBy(
    own.flatMap((endpoint) => (endpoint.probe === undefined ? [] : [{ endpoint, outcome: endpoint.probe.outcome }])),
    ({ endpoint, outcome }) => safeRemedyFor(outcome, [endpoint.host], isPublished(estate, endpoint)),
  );
  const [first] = remedies;
  if (remedies.size === 1 && first !== undefined) return first[0];
  return [...remedies]
    .map(([text, ones]) => `${listed(ones.map(({ endpoint }) => endpoint.host).toSorted(), MOST_TOLD)}: ${text}`)
    .join(' ');
}

function isDark(domain: DomainSnapshot): boolean {
  return (domain.hostCount ?? 0) > 0 && noneUp(domain);
}

function noneUp({ hostsUp, hostsUnknown }: Pick<DomainSnapshot, 'hostsUp' | 'hostsUnknown'>): boolean {
  return hostsUp === 0 && hostsUnknown === 0;
}

function none(count: number, which: string): string {
  return count === 1 ? `The only KMS host ${which} is not` : `None of the ${count} KMS hosts ${which} is`;
}

function hostDown({ estate }: ConditionSnapshot): readonly Finding[] {
  const up = new Set(estate.endpoints.filter((endpoint) => endpoint.up === true).map(({ host }) => host));
  return estate.endpoints.flatMap((endpoint) => {
    if (endpoint.up !== false || endpoint.probe === undefined || isStaleStranger(estate, endpoint)) return [];
    return [
      {
        subject: { ...subjectOf(endpoint), ...(up.has(endpoint.host) ? { other_ports: 'up' } : {}) },
        summary: `${nameOf(endpoint)} is not up: ${endpoint.probe.detail}`,
        remedy: remedyFor(endpoint.probe.outcome, [endpoint.host], isPublished(estate, endpoint)),
      },
    ];
  });
}

function isPublished({ domains }: EstateSnapshot, { host, port }: EndpointSnapshot): boolean {
  return domains.some(({ records }) => records.some((record) => record.host === host && record.port === port));
}

function impostor({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.endpoints
    .filter((endpoint) => endpoint.genuine === false)
    .map((endpoint) => ({
      subject: subjectOf(endpoint),
      summary: `${nameOf(endpoint)} accepts a bind to any interface, as emulators do and Windows does not`,
    }));
}

function subjectOf(endpoint: EndpointSnapshot): Record<string, string> {
  return { host: endpoint.host, port: String(endpoint.port) };
}

function nameOf(endpoint: EndpointSnapshot): string {
  return formatHostPort(endpoint.host, endpoint.port, 1688);
}
