import { type CountFacts, disagrees, isExact, type OwnCount, type Sufficiency, sufficiency } from './count.ts';
import { type CountReport, type Covers, ownNumber, ownNumberFor, standingOf } from './reported.ts';
import type { Pool } from './types.ts';

/** What is known of a host and one of its pools at any time; times in seconds since the epoch. */
export interface PoolHistory {
  readonly pool: Pool;
  /** Client ids answered in the 30 days up to a time. */
  census(time: number): number;
  /** The same with those that asked that host for products of unknown pool. */
  wide(time: number): number;
  /** The log is known for those 30 days. */
  spans(time: number): boolean;
  /** The newest report up to a time. */
  report(time: number): CountReport | undefined;
  /** Client ids answered after a report and up to a time that the census did not have at the report. */
  newSince(report: number, time: number): number;
  /** The largest N-policy that was answered in the 30 days up to a time. */
  largestN(time: number): number | undefined;
  /** Activation ids that the host was asked for in the 30 days up to a time. */
  asked(time: number): Iterable<string>;
}

export interface CountRules {
  /** `reports.stale_after`, seconds. */
  readonly staleAfter: number;
  readonly covers: Covers;
}

/** The count of a host and pool at a time. @param activationId for a client of this product; else of the pool as such */
export function countAt(history: PoolHistory, rules: CountRules, time: number, activationId?: string): CountFacts {
  return {
    census: history.census(time),
    wide: history.wide(time),
    spans: history.spans(time),
    own: ownAt(history, rules, time, activationId),
  };
}

/** What the count is worth to a client of a product that needs N. */
export function sufficiencyAt(
  history: PoolHistory,
  rules: CountRules,
  time: number,
  activationId: string,
  n: number,
): Sufficiency {
  const report = history.report(time);
  // One of these, nearly always, and then nothing else need be known.
  if (report === undefined) {
    if (history.census(time) >= n) return 'enough';
  } else if (standingOf(report.time, time, rules.staleAfter) === 'fresh') {
    if ((numberIn(history, rules, report, time, activationId) ?? 0) >= n) return 'enough';
  }
  return sufficiency(countAt(history, rules, time, activationId), n);
}

/** An exact number that disagreed with the log when reports ended is believed for a while; any other goes with its report. */
function ownAt(history: PoolHistory, rules: CountRules, time: number, activationId?: string): OwnCount | undefined {
  const report = history.report(time);
  if (report === undefined) return undefined;
  const standing = standingOf(report.time, time, rules.staleAfter);
  if (standing === 'over') return undefined;
  if (standing === 'ended' && !disagrees(countAt(history, rules, report.time))) return undefined;
  const base = numberIn(history, rules, report, time, activationId);
  if (base === undefined) return undefined;
  const value = base + history.newSince(report.time, time);
  const exact = isExact(value, history.largestN(time));
  return standing === 'fresh' || exact ? { value, exact, isHeld: standing === 'ended' } : undefined;
}

function numberIn(
  history: PoolHistory,
  { covers }: CountRules,
  report: CountReport,
  time: number,
  activationId: string | undefined,
): number | undefined {
  const asked = () => history.asked(time);
  return activationId === undefined
    ? ownNumber(report, history.pool, covers, asked)
    : ownNumberFor(activationId, report, history.pool, covers, asked);
}
