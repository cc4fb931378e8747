import type { DomainView, EndpointView, EstateView } from '../estate/view.ts';
import { formatHostPort } from '../kernel/address.ts';
import { MINUTE } from '../kernel/duration.ts';
import type { Condition, Finding } from './condition.ts';
import { OUTCOME_REMEDIES } from './outcome-remedies.ts';

export const HOST_CONDITIONS: readonly Condition[] = [
  { name: 'KmsNoHostAvailable', severity: 'critical', hold: 5 * MINUTE, evaluate: noHostAvailable },
  { name: 'KmsHostDown', severity: 'warning', hold: 5 * MINUTE, evaluate: hostDown },
  { name: 'KmsHostImpostor', severity: 'warning', hold: 15 * MINUTE, evaluate: impostor },
];

const NOTHING_RENEWS =
  'Clients cannot renew: bring one host back before their 180 days end, first what its own line says.';

function noHostAvailable(view: EstateView): readonly Finding[] {
  const dark = view.domains.filter(isDark).map((domain) => ({
    subject: { domain: domain.name },
    summary: `${none(domain.hostCount ?? 0, `of ${domain.name}`)} up`,
    remedy: NOTHING_RENEWS,
  }));
  const estate =
    view.hostCount !== undefined && view.hostCount > 0 && view.hostsUp === 0
      ? [{ subject: {}, summary: `${none(view.hostCount, 'known here')} up`, remedy: NOTHING_RENEWS }]
      : [];
  return [...estate, ...dark];
}

function isDark(domain: DomainView): boolean {
  return (domain.hostCount ?? 0) > 0 && domain.hostsUp === 0;
}

function none(count: number, which: string): string {
  return count === 1 ? `The only KMS host ${which} is not` : `None of the ${count} KMS hosts ${which} is`;
}

function hostDown(view: EstateView): readonly Finding[] {
  return view.endpoints.flatMap((endpoint) => {
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

function impostor(view: EstateView): readonly Finding[] {
  return view.endpoints
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
