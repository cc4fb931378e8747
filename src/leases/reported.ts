import type { Interval } from './types.ts';

/** What a host said of its own count in one pool, in one report. */
export interface ReportedCount {
  /** Of the report, seconds since the epoch. */
  readonly time: number;
  /** The smallest of the pool's keys; undefined when no key had a value. */
  readonly count: number | undefined;
}

/** The smallest of several keys' counts that is a value. */
export function smallestCount(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/**
 * The times at which a report is the newest and fresh: when it comes late, requests in them may have another answer.
 * @param next the first report after it, if any
 */
export function reportHolds(point: ReportedCount, next: ReportedCount | undefined, staleAfter: number): Interval {
  return { from: point.time, until: Math.min(point.time + staleAfter, next?.time ?? Number.POSITIVE_INFINITY) };
}

/** The best known count: both are lower bounds of the truth, as the host's own is capped and the log may have gaps. */
export function bestCount(census: number, reported: ReportedCount | undefined): number {
  return Math.max(census, reported?.count ?? 0);
}
