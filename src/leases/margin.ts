import { CENSUS_WINDOW } from './census-window.ts';
import { bestCount, type ReportedCount } from './reported.ts';

/** What is known now of a host and one of its pools. */
export interface Standing {
  readonly census: number;
  /** The newest report, when it is fresh. */
  readonly reported: ReportedCount | undefined;
  /** `spans`: the census covers its whole 30 days. */
  readonly spans: boolean;
}

/**
 * Whether the host's log is known for the whole window of a census.
 * @param firstRecord time of the host's first record
 * @param lastGap when its log was last found to have lost records
 */
export function spans(firstRecord: number | undefined, lastGap: number | undefined, time: number): boolean {
  const since = time - CENSUS_WINDOW;
  return firstRecord !== undefined && firstRecord <= since && (lastGap === undefined || lastGap <= since);
}

/**
 * Whether margin and breach of a class can be told.
 * @param asked a request of the class, of any result, was made at the host in (now - 30 days, now]
 */
export function isKnown(standing: Standing, threshold: number, asked: boolean): boolean {
  return asked && (standing.reported !== undefined || standing.census >= threshold || standing.spans);
}

/** Clients above the threshold, negative when they are too few. */
export function marginOf(standing: Standing, threshold: number): number {
  return bestCount(standing.census, standing.reported) - threshold;
}

/**
 * When the census falls below a threshold N if no client makes contact again, or when it fell.
 * @param nthLast time of the N-th most recent last contact in the census; undefined when there are fewer
 * @param shortSince since when the census has been below N (`CensusBook.shortSince`)
 * @param firstRecord time of the host's first record
 */
export function breachTime(nthLast: number | undefined, shortSince: number | undefined, firstRecord: number): number {
  if (nthLast !== undefined) return nthLast + CENSUS_WINDOW;
  return shortSince === undefined || shortSince === Number.NEGATIVE_INFINITY ? firstRecord : shortSince;
}
