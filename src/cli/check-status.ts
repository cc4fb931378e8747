import type { NamedFinding } from '../conditions/condition.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
import { counted } from '../kernel/words.ts';
import type { Status } from './exit-codes.ts';

export interface Report {
  readonly estate: EstateSnapshot;
  readonly findings: readonly NamedFinding[];
  readonly status: OverallStatus;
}

export interface OverallStatus {
  readonly status: Status;
  /** One clause, no full stop. */
  readonly summary: string;
}

/** The whole look in one word, as monitoring plugins give it. */
export function statusOf(estate: EstateSnapshot, findings: readonly NamedFinding[]): OverallStatus {
  const unknown = whyUnknown(estate);
  if (unknown !== undefined) return { status: 'UNKNOWN', summary: unknown };
  const summary = countsOf(estate);
  if (findings.some((finding) => finding.severity === 'critical')) return { status: 'CRITICAL', summary };
  if (!findings.every((finding) => saysNothingIsKnown(finding, estate))) return { status: 'WARNING', summary };
  return { status: findings.length > 0 || isUnjudged(estate) ? 'UNKNOWN' : 'OK', summary };
}

function countsOf({ hostCount, hostsUp, hostsUnknown, endpoints }: EstateSnapshot): string {
  const unknown = hostsUnknown ?? endpoints.filter((endpoint) => endpoint.unknown).length;
  const count = hostCount ?? new Set(endpoints.map(({ host }) => host)).size;
  const up = hostsUp ?? new Set(endpoints.filter((endpoint) => endpoint.up === true).map(({ host }) => host)).size;
  const counts = `${up} of ${counted(count, 'KMS host')} up`;
  return unknown === 0 ? counts : `${counts}, nothing is known of ${unknown}`;
}

/** Nobody answered for a domain, or for the name of a host. One silent server of several is a fault that is known. */
function saysNothingIsKnown({ name, subject }: NamedFinding, { domains }: EstateSnapshot): boolean {
  if (name !== 'KmsDnsLookupFailing') return false;
  const domain = domains.find((each) => each.name === subject.domain);
  return domain === undefined || !domain.known;
}

function isUnjudged({ domains, endpoints }: EstateSnapshot): boolean {
  return domains.some((domain) => !domain.known) || endpoints.some(({ unknown, isProbed }) => unknown && isProbed);
}

function whyUnknown({ domains, endpoints }: EstateSnapshot): string | undefined {
  if (endpoints.some(({ isProbed }) => isProbed)) return undefined;
  if (domains.length === 0 && endpoints.length > 0)
    return 'nothing to check: the configuration says that no host is probed; give a --host';
  if (domains.length === 0)
    return 'nothing to check: give a --domain or a --host, or set discovery.domains or hosts in the configuration';
  if (domains.every((domain) => domain.lookups.length === 0)) return 'no name server to query: give a --server';
  return domains.some((domain) => domain.known) ? undefined : 'no name server answered';
}
