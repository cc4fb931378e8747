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
import type { LookupView } from './view.ts';

interface Page {
  readonly total: number;
  readonly failures: Readonly<Record<LookupFailureReason, number>>;
  readonly last: SrvLookup | undefined;
  readonly answer: { readonly at: Millis; readonly value: SrvAnswer } | undefined;
}

const NO_FAILURES = Object.fromEntries(LOOKUP_FAILURES.map((reason) => [reason, 0])) as Record<
  LookupFailureReason,
  number
>;
const BLANK: Page = { total: 0, failures: NO_FAILURES, last: undefined, answer: undefined };

/** What each name server said last of each domain. */
export class DomainBook {
  readonly #pages = new Map<string, Page>();

  take(lookup: SrvLookup): void {
    const key = pageKey(lookup.domain, lookup.server.label);
    const page = this.#pages.get(key) ?? BLANK;
    const { result } = lookup;
    this.#pages.set(key, {
      total: page.total + 1,
      failures: result.ok
        ? page.failures
        : { ...page.failures, [result.error.reason]: page.failures[result.error.reason] + 1 },
      last: lookup,
      answer: result.ok ? { at: lookup.at, value: result.value } : page.answer,
    });
  }

  /** Forgets domains and servers that are no longer asked. */
  keep(settings: EstateSettings): void {
    const kept = new Set(pageKeys(settings));
    for (const key of this.#pages.keys()) {
      if (!kept.has(key)) this.#pages.delete(key);
    }
  }

  /** Whether every domain was looked up at one server at least. */
  asked({ domains, servers }: EstateSettings): boolean {
    return domains.every(({ name }) => servers.some((server) => this.#pages.has(pageKey(name, server.label))));
  }

  /** @param limit milliseconds after which a lookup or an answer is no longer believed */
  view(domain: HostName, server: NameServer, now: Millis, limit: number): LookupView {
    const page = this.#pages.get(pageKey(domain, server.label)) ?? BLANK;
    const last = page.last !== undefined && page.last.at >= now - limit ? page.last : undefined;
    const answer = page.answer !== undefined && page.answer.at >= now - limit ? page.answer.value : undefined;
    return {
      server: server.label,
      total: page.total,
      failures: page.failures,
      last: last && {
        at: last.at,
        duration: last.duration,
        failure: last.result.ok ? undefined : last.result.error,
      },
      answer,
      flaws: answer?.flaws ?? [],
    };
  }
}

function pageKeys({ domains, servers }: EstateSettings): string[] {
  return domains.flatMap((domain) => servers.map((server) => pageKey(domain.name, server.label)));
}

function pageKey(domain: HostName, server: string): string {
  return `${domain} ${server}`;
}
