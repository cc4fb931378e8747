import type { DomainSnapshot, EndpointSnapshot } from '../estate/snapshot.ts';
import { formatHostPort } from '../kernel/address.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import type { Condition, Finding } from './condition.ts';
import { OUTCOME_REMEDIES } from './outcome-remedies.ts';
import { HOST_RUNBOOKS } from './runbooks/hosts.ts';
import type { ConditionSnapshot } from './snapshot.ts';

export const HOST_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsNoHostAvailable',
    severity: 'critical',
    holdsWhen: 'a domain has KMS hosts but none is up, or no known host is up',
    group: 'hosts',
    hold: millis(5 * MINUTE_MS),
    evaluate: noHostAvailable,
    promql: `(kms_domain_hosts_up == 0 and kms_domain_hosts > 0)
or
(kms_hosts_up == 0 and kms_hosts > 0)`,
    summary: 'No KMS host {{ if $labels.domain }}of {{ $labels.domain }}{{ else }}known here{{ end }} is up',
    meaning:
      'No client {{ if $labels.domain }}in {{ $labels.domain }}{{ else }}anywhere{{ end }} can activate or renew. Clients stay activated for 180 days after their last renewal, but new machines cannot activate at all.',
    remedy:
      'Bring at least one host back: start the service sppsvc and open TCP port 1688. kmswatch check shows what is wrong with each host.',
    runbook: HOST_RUNBOOKS.KmsNoHostAvailable,
  },
  {
    name: 'KmsHostDown',
    severity: 'warning',
    holdsWhen: 'no address of a host accepts a bind to the KMS interface',
    group: 'hosts',
    hold: millis(5 * MINUTE_MS),
    evaluate: hostDown,
    promql: 'kms_host_up == 0',
    summary: 'KMS host {{ $labels.host }}:{{ $labels.port }} is not up',
    meaning:
      'No address of {{ $labels.host }} accepted a bind to the KMS interface on TCP port {{ $labels.port }}. kms_host_probe_outcome shows how the bind failed.',
    remedy: 'kmswatch check --host {{ $labels.host }}:{{ $labels.port }} shows what to do.',
    runbook: HOST_RUNBOOKS.KmsHostDown,
  },
  {
    name: 'KmsHostImpostor',
    severity: 'warning',
    holdsWhen: 'a host accepts a bind to any interface',
    group: 'hosts',
    hold: millis(15 * MINUTE_MS),
    evaluate: impostor,
    promql: 'kms_host_genuine == 0',
    summary:
      '{{ $labels.host }}:{{ $labels.port }} accepts a bind to any interface, so it is probably not a Windows KMS host',
    meaning:
      'A genuine host refuses a bind to an interface that does not exist. {{ $labels.host }} accepted one, as KMS emulators do.',
    remedy: 'Find out what runs there and who set it up. If it is not yours, remove its SRV record.',
    runbook: HOST_RUNBOOKS.KmsHostImpostor,
  },
];

function noHostAvailable({ estate }: ConditionSnapshot): readonly Finding[] {
  const dark = estate.domains.filter(isDark).map((domain) => ({
    subject: { domain: domain.name },
    summary: `${none(domain.hostCount ?? 0, `of ${domain.name}`)} up`,
    value: 0,
    limit: 1,
  }));
  const everywhere =
    estate.hostCount !== undefined && estate.hostCount > 0 && estate.hostsUp === 0
      ? [
          {
            subject: {},
            summary: `${none(estate.hostCount, 'known here')} up`,
            value: 0,
            limit: 1,
          },
        ]
      : [];
  return [...everywhere, ...dark];
}

function isDark(domain: DomainSnapshot): boolean {
  return (domain.hostCount ?? 0) > 0 && domain.hostsUp === 0;
}

function none(count: number, which: string): string {
  return count === 1 ? `The only KMS host ${which} is not` : `None of the ${count} KMS hosts ${which} is`;
}

function hostDown({ estate }: ConditionSnapshot): readonly Finding[] {
  return estate.endpoints.flatMap((endpoint) => {
    if (endpoint.up !== false || endpoint.probe === undefined) return [];
    return [
      {
        subject: subjectOf(endpoint),
        summary: `${nameOf(endpoint)} is not up: ${endpoint.probe.detail}`,
        remedy: OUTCOME_REMEDIES[endpoint.probe.outcome],
      },
    ];
  });
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
