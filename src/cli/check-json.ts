import type { NamedFinding } from '../conditions/condition.ts';
import { byCause } from '../conditions/explained.ts';
import type { DomainSnapshot, EndpointSnapshot, HostSnapshot, LookupSnapshot } from '../estate/snapshot.ts';
import type { Report } from './check-status.ts';

/** The same as the table, for programs. Durations are seconds. */
export function formatJson({ estate, findings, status }: Report): string {
  const hosts = new Map(estate.hosts.map((host) => [host.host, host]));
  const report = {
    status: status.status,
    summary: status.summary,
    hosts: estate.endpoints.map((endpoint) => hostJson(endpoint, hosts.get(endpoint.host))),
    domains: estate.domains.map(domainJson),
    conditions: byCause(findings).flatMap(({ head, same, follows }) => [
      ...[head, ...same].map((finding) => conditionJson(finding, undefined)),
      ...follows.map((finding) => conditionJson(finding, head)),
    ]),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function conditionJson({ name, severity, subject, summary, remedy }: NamedFinding, cause: NamedFinding | undefined) {
  const explained_by = cause === undefined ? null : { name: cause.name, subject: cause.subject };
  return { name, severity, subject, summary, remedy, explained_by };
}

function hostJson({ host, port, up, genuine, probe }: EndpointSnapshot, snapshot: HostSnapshot | undefined) {
  return {
    host,
    port,
    up: up ?? null,
    outcome: probe?.outcome ?? null,
    detail: probe?.detail ?? null,
    genuine: genuine ?? null,
    published: snapshot?.published ?? null,
    expected: snapshot?.expected ?? false,
    duration_seconds: probe?.phases ?? null,
    addresses: (probe?.addresses ?? []).map(({ address, outcome, detail }) => ({ address, outcome, detail })),
  };
}

function domainJson(domain: DomainSnapshot) {
  return {
    domain: domain.name,
    records: domain.records,
    unexpected: domain.unexpected,
    missing: domain.missing,
    servers_disagree: domain.disagree ?? null,
    servers: domain.lookups.map(lookupJson),
  };
}

function lookupJson({ server, last, answer }: LookupSnapshot) {
  return {
    server,
    success: last?.failure === undefined,
    reason: last?.failure?.reason ?? null,
    detail: last?.failure?.detail ?? null,
    status: answer?.status ?? null,
    records: answer?.records ?? null,
    flaws: answer?.flaws ?? [],
    duration_seconds: last?.duration ?? null,
  };
}
