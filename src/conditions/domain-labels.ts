import { domainsOfHosts } from '../estate/host-domains.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { DomainLabel, Finding } from './condition.ts';
import type { ConditionSnapshot } from './snapshot.ts';

const VALUES = {
  class: ['client', 'server', 'office', 'unknown'],
  pool: ['windows', 'office', 'none'],
} as const;

const AGENT = 'job, site, instance';

/** One finding for each domain of its host. */
export function withDomains(
  findings: readonly Finding[],
  label: DomainLabel | undefined,
  snapshot: ConditionSnapshot,
): readonly Finding[] {
  if (label === undefined || findings.length === 0) return findings;
  const domains = domainsOfHosts(snapshot.estate, snapshot.logs);
  return findings.flatMap((finding) => {
    const own: readonly (HostName | undefined)[] = domains.get(finding.subject['host'] as HostName) ?? [];
    const shown = own.length === 0 || (label === 'single' && own.length > 1) ? [undefined] : own;
    return shown.map((domain) =>
      domain === undefined ? finding : { ...finding, subject: { ...finding.subject, domain } },
    );
  });
}

/**
 * The same of an expression whose series have the labels of a host and of `label`.
 * @param more further labels of its series that the alert keeps
 */
export function promqlWithDomains(
  promql: string,
  label: DomainLabel | undefined,
  more: readonly string[] | undefined = [],
): string {
  if (label === undefined) return promql;
  const body = promql.replace(/^/gm, '  ');
  if (label === 'single') return `(\n${body}\n)\n* on (${AGENT}, host) group_left (domain) (\n${SINGLE}\n)`;
  const key = label === 'host' ? '' : `, ${label}`;
  return `${infoFor(label)}\n* on (${AGENT}, host${key}) group_left (${more.join(', ')}) (\n${body}\n)`;
}

/** A series for each domain of a host, or one without for a host of none, and for each value of the label. */
function infoFor(label: Exclude<DomainLabel, 'single'>): string {
  if (label === 'host') return 'kms_domain_host_info';
  if (label === 'port') return 'kms_domain_endpoint_info';
  const each = VALUES[label].map((value) => `  label_replace(kms_domain_host_info, "${label}", "${value}", "", "")`);
  return `(\n${each.join('\n  or\n')}\n)`;
}

/** A series for each host, with its domain if it has a single one. */
const SINGLE = `  kms_domain_host_info
  unless on (${AGENT}, host)
  (count by (${AGENT}, host) (kms_domain_host_info) > 1)
  or on (${AGENT}, host)
  group by (${AGENT}, host) (kms_domain_host_info)`;
