import { DAY_S } from '../kernel/time.ts';
import type { Coverage } from '../products/coverage.ts';
import type { Interval, Pool } from './types.ts';

/** How long an exact number that disagreed with the log is still believed once reports end. */
const HELD_FOR = 30 * DAY_S;

/** What one KMS host key of a host said of its count. */
export interface KeyCount {
  /** Activation id of the key, lower case. */
  readonly key: string;
  readonly pool: Pool;
  /** Undefined for "no value". */
  readonly clients: number | undefined;
}

/** What a host said of itself at a time, in seconds since the epoch. */
export interface CountReport {
  readonly time: number;
  readonly keys: readonly KeyCount[];
}

/** Whether a host key covers a product. */
export type Covers = (key: string, activationId: string) => Coverage;

/**
 * The number of a pool: of several keys the smallest among those that cover what was asked for, else the largest.
 * @param asked activation ids of the last 30 days at that host; read only if there are several keys
 * @returns undefined if no key has a value
 */
export function ownNumber(
  { keys }: CountReport,
  pool: Pool,
  covers: Covers,
  asked: () => Iterable<string>,
): number | undefined {
  const counts = keys.filter((key) => key.pool === pool && key.clients !== undefined);
  if (counts.length <= 1) return counts[0]?.clients;
  const products = [...asked()];
  const used = counts.filter(({ key }) => products.some((id) => isUsed(covers(key, id))));
  return used.length > 0 ? Math.min(...used.map(clientsOf)) : Math.max(...counts.map(clientsOf));
}

/** The same for one product: that of the key which covers it, where that is known. */
export function ownNumberFor(
  activationId: string,
  report: CountReport,
  pool: Pool,
  covers: Covers,
  asked: () => Iterable<string>,
): number | undefined {
  const counts = report.keys.filter((key) => key.pool === pool && key.clients !== undefined);
  const covering = counts.length <= 1 ? counts : counts.filter(({ key }) => isUsed(covers(key, activationId)));
  return covering.length > 0 ? Math.min(...covering.map(clientsOf)) : ownNumber(report, pool, covers, asked);
}

function isUsed(coverage: Coverage): boolean {
  return coverage === 'yes' || coverage === 'some';
}

function clientsOf({ clients }: KeyCount): number {
  return clients ?? 0;
}

/** When a report is fresh, or may be held: requests in it may have another answer when it comes late. */
export function reportReaches(time: number, next: number | undefined, staleAfter: number): Interval {
  return { from: time, until: Math.min(time + staleAfter + HELD_FOR, next ?? Number.POSITIVE_INFINITY) };
}

/** Whether the newest report up to a time is fresh then, or may still be held. */
export function standingOf(report: number, time: number, staleAfter: number): 'fresh' | 'ended' | 'over' {
  if (time < report + staleAfter) return 'fresh';
  return time < report + staleAfter + HELD_FOR ? 'ended' : 'over';
}
