import type { NamedFinding } from '../conditions/condition.ts';
import type { EstateSnapshot } from '../estate/snapshot.ts';
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
  const summary = `${estate.hostsUp ?? 0} of ${estate.hostCount} KMS ${estate.hostCount === 1 ? 'host' : 'hosts'} up`;
  if (findings.some((finding) => finding.severity === 'critical')) return { status: 'CRITICAL', summary };
  return { status: findings.length > 0 ? 'WARNING' : 'OK', summary };
}

function whyUnknown({ domains, endpoints }: EstateSnapshot): string | undefined {
  if (endpoints.length > 0) return undefined;
  if (domains.length === 0)
    return 'nothing to check: give a --domain or a --host, or set discovery.domains or hosts in the configuration';
  if (domains.every((domain) => domain.lookups.length === 0)) return 'no name server to query: give a --server';
  return domains.some((domain) => domain.known) ? undefined : 'no name server answered';
}
