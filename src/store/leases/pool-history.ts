import { isInCensus } from '../../leases/census-window.ts';
import type { CountFacts, Sufficiency } from '../../leases/count.ts';
import { type CountRules, countAt, type PoolHistory, sufficiencyAt } from '../../leases/count-at.ts';
import type { HostPool } from '../../leases/host-pool.ts';
import { spans } from '../../leases/margin.ts';
import type { Spells } from '../../leases/spells.ts';
import type { Pool } from '../../leases/types.ts';
import { type Coverage, isCovered } from '../../products/coverage.ts';
import type { Contacts } from '../history/contacts.ts';
import type { Reports, StoredReport } from '../history/reports.ts';
import type { HostLogStatus } from './host-log-status.ts';

/** Where the history of a host pool is. */
export interface HistorySources {
  readonly reports: Reports;
  readonly contacts: Pick<Contacts, 'between' | 'lastUntil'>;
  readonly logOf: (host: number) => Pick<HostLogStatus, 'firstRequest' | 'gapTimes'>;
  readonly askedOf: (host: number) => Spells;
  /** The activation id of a product's number. */
  readonly productOf: (product: number) => string;
  /** `reports.stale_after`, seconds. */
  readonly staleAfter: number;
}

/** The state of a host and one of its pools at any time, from the database. */
export class StoredPoolHistory implements PoolHistory {
  readonly pool: Pool;
  readonly #of: HostPool;
  readonly #sources: HistorySources;
  readonly #rules: CountRules;

  constructor(of: HostPool, sources: HistorySources) {
    this.pool = of.pool;
    this.#of = of;
    this.#sources = sources;
    this.#rules = { staleAfter: sources.staleAfter, covers };
  }

  /** @param activationId for a client of this product; else of the pool as such */
  countAt(time: number, activationId?: string): CountFacts {
    return countAt(this, this.#rules, time, activationId);
  }

  sufficiencyAt(time: number, activationId: string, n: number): Sufficiency {
    return sufficiencyAt(this, this.#rules, time, activationId, n);
  }

  census(time: number): number {
    return this.#of.book.countAt(time);
  }

  wide(time: number): number {
    return (this.#of.wide ?? this.#of.book).countAt(time);
  }

  spans(time: number): boolean {
    const { firstRequest, gapTimes } = this.#sources.logOf(this.#of.hostNo);
    return spans(firstRequest, gapTimes ?? [], time);
  }

  report(time: number): StoredReport | undefined {
    return this.#sources.reports.before(this.#of.hostNo, time);
  }

  newSince(report: number, time: number): number {
    const { contacts } = this.#sources;
    const { hostNo, pool } = this.#of;
    const isNew = new Map<number, boolean>();
    for (const [client] of contacts.between(hostNo, pool, report + 1, time + 1)) {
      if (isNew.has(client)) continue;
      const before = contacts.lastUntil(client, hostNo, pool, report);
      isNew.set(client, before === undefined || !isInCensus(before, report));
    }
    return [...isNew.values()].filter(Boolean).length;
  }

  largestN(time: number): number | undefined {
    const policies = [...this.#of.policies.at(time)];
    return policies.length === 0 ? undefined : Math.max(...policies);
  }

  *asked(time: number): Iterable<string> {
    for (const product of this.#sources.askedOf(this.#of.hostNo).at(time)) yield this.#sources.productOf(product);
  }
}

/** Asked again and again of the few keys and products of a site. */
const COVERAGE = new Map<string, Coverage>();
const MOST_COVERAGE = 10_000;

export function covers(key: string, activationId: string): Coverage {
  const both = `${key} ${activationId}`;
  const known = COVERAGE.get(both);
  if (known !== undefined) return known;
  if (COVERAGE.size >= MOST_COVERAGE) COVERAGE.clear();
  const coverage = isCovered([key], activationId);
  COVERAGE.set(both, coverage);
  return coverage;
}
