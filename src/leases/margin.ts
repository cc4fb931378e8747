import { CENSUS_WINDOW } from './census-window.ts';
import { type CountFacts, disagrees } from './count.ts';
import type { CountReport } from './reported.ts';

/**
 * Whether the log of a host is known for the whole window of a census.
 * @param firstRequest time of the host's first 12290
 * @param gaps when its log was found to have lost records, in any order
 */
export function spans(firstRequest: number | undefined, gaps: readonly number[], time: number): boolean {
  const since = time - CENSUS_WINDOW;
  return firstRequest !== undefined && firstRequest <= since && !gaps.some((gap) => gap > since && gap <= time);
}

/**
 * When the census falls below a threshold N if no client makes contact again, or when it fell.
 * @param nthLast time of the N-th most recent last contact in the census; undefined when there are fewer
 * @param shortSince since when the census has been below N (`CensusBook.shortSince`)
 * @param firstRecord time of the host's first record; undefined if there is none
 */
export function breachTime(
  nthLast: number | undefined,
  shortSince: number | undefined,
  firstRecord: number | undefined,
): number | undefined {
  if (nthLast !== undefined) return nthLast + CENSUS_WINDOW;
  return shortSince === undefined || shortSince === Number.NEGATIVE_INFINITY ? firstRecord : shortSince;
}

/** What tells when the count falls, or fell, below a threshold. */
export interface BreachTimes {
  /** The first report below it since the last one that was not. */
  readonly reportsBelowSince: () => number | undefined;
  /** `breachTime`, undefined if there is no record. */
  readonly censusBelowAt: () => number | undefined;
}

/** When the count falls below a threshold if no client makes contact again, or when it fell; undefined if that is not known. */
export function breachOf(facts: CountFacts, n: number, times: BreachTimes): number | undefined {
  if (facts.own?.exact !== true) return times.censusBelowAt();
  if (facts.own.value < n) return times.reportsBelowSince();
  return facts.spans && !disagrees(facts) ? times.censusBelowAt() : undefined;
}

/**
 * The first report whose number is below a threshold, since the last one that was not.
 * @param reports newest first @param numberOf what a report says; undefined for no value
 */
export function belowSince(
  reports: Iterable<CountReport>,
  numberOf: (report: CountReport) => number | undefined,
  n: number,
): number | undefined {
  let since: number | undefined;
  for (const report of reports) {
    const own = numberOf(report);
    if (own === undefined) continue;
    if (own >= n) break;
    since = report.time;
  }
  return since;
}
