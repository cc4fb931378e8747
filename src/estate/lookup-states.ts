import {
  LOOKUP_FAILURES,
  type LookupFailureReason,
  type NameServer,
  type SrvAnswer,
  type SrvLookup,
} from '../discovery/types.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Millis } from '../kernel/time.ts';
import type { EstateSettings } from './settings.ts';
import type { LookupSnapshot } from './snapshot.ts';

interface LookupState {
  readonly total: number;
  readonly totalDuration: number;
  readonly failures: Readonly<Record<LookupFailureReason, number>>;
  readonly last: SrvLookup | undefined;
  readonly answer: { readonly at: Millis; readonly value: SrvAnswer } | undefined;
}

const NO_FAILURES = Object.fromEntries(LOOKUP_FAILURES.map((reason) => [reason, 0])) as Record<
  LookupFailureReason,
  number
>;
const BLANK: LookupState = { total: 0, totalDuration: 0, failures: NO_FAILURES, last: undefined, answer: undefined };

/** What each name server said last of each domain. */
export class LookupStates {
  readonly #states = new Map<string, LookupState>();

  record(lookup: SrvLookup): void {
    const key = stateKey(lookup.domain, lookup.server.label);
    const state = this.#states.get(key) ?? BLANK;
    const { result } = lookup;
    this.#states.set(key, {
      total: state.total + 1,
      totalDuration: state.totalDuration + lookup.duration,
      failures: result.ok
        ? state.failures
        : { ...state.failures, [result.error.reason]: state.failures[result.error.reason] + 1 },
      last: lookup,
      answer: result.ok ? { at: lookup.at, value: result.value } : state.answer,
    });
  }

  /** Forgets domains and servers that are no longer asked. */
  keep(settings: EstateSettings): void {
    const kept = new Set(stateKeys(settings));
    for (const key of this.#states.keys()) {
      if (!kept.has(key)) this.#states.delete(key);
    }
  }

  /** Whether every domain was looked up at one server at least. */
  asked({ domains, servers }: EstateSettings): boolean {
    return domains.every(({ name }) => servers.some((server) => this.#states.has(stateKey(name, server.label))));
  }

  /** @param limit milliseconds after which a lookup or an answer is no longer believed */
  snapshot(domain: HostName, server: NameServer, now: Millis, limit: number): LookupSnapshot {
    const state = this.#states.get(stateKey(domain, server.label)) ?? BLANK;
    const last = state.last !== undefined && state.last.at >= now - limit ? state.last : undefined;
    const answer = state.answer !== undefined && state.answer.at >= now - limit ? state.answer.value : undefined;
    return {
      server: server.label,
      total: state.total,
      totalDuration: state.totalDuration,
      failures: state.failures,
      last: last && {
        at: last.at,
        duration: last.duration,
        failure: last.result.ok ? undefined : last.result.error,
      },
      answer,
    };
  }
}

function stateKeys({ domains, servers }: EstateSettings): string[] {
  return domains.flatMap((domain) => servers.map((server) => stateKey(domain.name, server.label)));
}

function stateKey(domain: HostName, server: string): string {
  return `${domain} ${server}`;
}
