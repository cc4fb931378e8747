import type { Verdict } from '../conditions/condition.ts';
import type { EstateView } from '../estate/view.ts';
import type { Status } from './exit-codes.ts';

export interface Report {
  readonly view: EstateView;
  readonly verdicts: readonly Verdict[];
  readonly status: Judgement;
}

export interface Judgement {
  readonly status: Status;
  /** One clause, no full stop. */
  readonly summary: string;
}

/** The whole look in one word, as monitoring plugins give it. */
export function statusOf(view: EstateView, verdicts: readonly Verdict[]): Judgement {
  const unknown = whyUnknown(view);
  if (unknown !== undefined) return { status: 'UNKNOWN', summary: unknown };
  const summary = `${view.hostsUp ?? 0} of ${view.hostCount} KMS ${view.hostCount === 1 ? 'host' : 'hosts'} up`;
  if (verdicts.some((verdict) => verdict.severity === 'critical')) return { status: 'CRITICAL', summary };
  return { status: verdicts.length > 0 ? 'WARNING' : 'OK', summary };
}

function whyUnknown({ domains, endpoints }: EstateView): string | undefined {
  if (endpoints.length > 0) return undefined;
  if (domains.length === 0)
    return 'nothing to check: give a --domain or a --host, or set discovery.domains or hosts in the configuration';
  if (domains.every((domain) => domain.lookups.length === 0)) return 'no name server to query: give a --server';
  return domains.some((domain) => domain.known) ? undefined : 'no name server answered';
}
