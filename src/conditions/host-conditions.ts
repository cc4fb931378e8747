import type { DomainView, EndpointView } from '../estate/view.ts';
import { formatHostPort } from '../kernel/address.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
import type { Condition, Finding } from './condition.ts';
import { OUTCOME_REMEDIES } from './outcome-remedies.ts';
import type { Picture } from './picture.ts';
import { HOST_RUNBOOKS } from './runbooks/hosts.ts';

export const HOST_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmsNoHostAvailable',
    severity: 'critical',
    holdsWhen: 'a domain has hosts and none is up, or the estate has and none is',
    group: 'hosts',
    hold: millis(5 * MINUTE_MS),
    evaluate: noHostAvailable,
    promql: `(kms_domain_hosts_up == 0 and kms_domain_hosts > 0)
or
(kms_hosts_up == 0 and kms_hosts > 0)`,
    summary: 'No KMS host {{ if $labels.domain }}of {{ $labels.domain }}{{ else }}known here{{ end }} is up',
    description:
      'No client {{ if $labels.domain }}in {{ $labels.domain }}{{ else }}anywhere{{ end }} can activate or renew. Clients stay activated for 180 days after their last renewal; new machines are not activated at all. Bring one host back: start the service sppsvc, open TCP 1688, then run kmswatch check.',
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
    description:
      'No address of {{ $labels.host }} accepted a bind to the KMS interface on TCP {{ $labels.port }}. kms_host_probe_outcome says how it failed, kmswatch check --host {{ $labels.host }}:{{ $labels.port }} says what to do.',
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
      '{{ $labels.host }}:{{ $labels.port }} accepts a bind to any interface and is probably no Windows KMS host',
    description:
      'A genuine host refuses a bind to an interface that does not exist; {{ $labels.host }} accepted one, as KMS emulators do. Find out who runs it, and remove its SRV record if it is not yours.',
    runbook: HOST_RUNBOOKS.KmsHostImpostor,
  },
];

const NOTHING_RENEWS =
  'Clients cannot renew: bring one host back before their 180 days end, first what its own line says.';

function noHostAvailable({ estate: view }: Picture): readonly Finding[] {
  const dark = view.domains.filter(isDark).map((domain) => ({
    subject: { domain: domain.name },
    summary: `${none(domain.hostCount ?? 0, `of ${domain.name}`)} up`,
    remedy: NOTHING_RENEWS,
    value: 0,
    limit: 1,
  }));
  const estate =
    view.hostCount !== undefined && view.hostCount > 0 && view.hostsUp === 0
      ? [
          {
            subject: {},
            summary: `${none(view.hostCount, 'known here')} up`,
            remedy: NOTHING_RENEWS,
            value: 0,
            limit: 1,
          },
        ]
      : [];
  return [...estate, ...dark];
}

function isDark(domain: DomainView): boolean {
  return (domain.hostCount ?? 0) > 0 && domain.hostsUp === 0;
}

function none(count: number, which: string): string {
  return count === 1 ? `The only KMS host ${which} is not` : `None of the ${count} KMS hosts ${which} is`;
}

function hostDown({ estate }: Picture): readonly Finding[] {
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

function impostor({ estate }: Picture): readonly Finding[] {
  return estate.endpoints
    .filter((endpoint) => endpoint.genuine === false)
    .map((endpoint) => ({
      subject: subjectOf(endpoint),
      summary: `${nameOf(endpoint)} accepts a bind to any interface, as emulators do and Windows does not`,
      remedy: 'Find out what runs there and who set it up; remove its SRV record if it is not yours.',
    }));
}

function subjectOf(endpoint: EndpointView): Record<string, string> {
  return { host: endpoint.host, port: String(endpoint.port) };
}

function nameOf(endpoint: EndpointView): string {
  return formatHostPort(endpoint.host, endpoint.port, 1688);
}
