import type { HostName } from '../kernel/host-name.ts';
import { HOUR_S, MINUTE_S, type Seconds, seconds } from '../kernel/time.ts';

/** Seconds: a record that was written longer ago than this when it comes is history. */
const RECENT = HOUR_S;

/** Seconds without a new record after which no more of a history is expected. */
const PAUSE = 2 * MINUTE_S;

/** Seconds that a log gains on the clock by chance: records of a second may come one by one. */
const CHANCE = MINUTE_S;

/** A host whose history is still coming in. */
export interface HostReading {
  readonly host: HostName;
  /** Event time of its newest record so far. */
  readonly lastRecord?: Seconds | undefined;
}

/** What is known of a log before some new records of it. */
export interface LogEdge {
  /** Event time of its newest record. */
  readonly lastEvent?: Seconds | undefined;
  /** When a record of it last came, a known one too. */
  readonly lastArrival?: Seconds | undefined;
  /** When a record of its history last came; undefined: none is coming in. */
  readonly historyAt?: Seconds | undefined;
}

/**
 * When a record of a log's history last came, after some new ones. A history begins with the first record of a log, or
 * with a backlog: the log then gains on the clock. One that comes hours late, at the pace at which it is written, is no
 * history, or nothing that rests on it would ever be judged.
 * @param newest event time of the newest of the new records @returns undefined when the log is known up to now
 */
export function historyAfter({ lastEvent, lastArrival, historyAt }: LogEdge, newest: Seconds, now: Seconds) {
  if (newest > now - RECENT) return undefined;
  if (lastEvent === undefined) return now;
  const gained = newest - lastEvent;
  const isBackwards = gained < 0 && isComing(historyAt, now);
  return isBackwards || gained > 2 * (now - (lastArrival ?? now)) + CHANCE ? now : historyAt;
}

/** Whether a history is still coming in. */
export function isComing(historyAt: Seconds | undefined, now: Seconds): boolean {
  return historyAt !== undefined && Math.abs(now - historyAt) < PAUSE;
}

/** The same once no more of it will come; the log is not known up to now for that. */
export function historyEnded(now: Seconds): Seconds {
  return seconds(now - PAUSE);
}

/** The same of a host whose records came under two names. @param newest event time of the newest of all of them */
export function historyUnder(
  one: Seconds | undefined,
  other: Seconds | undefined,
  newest: Seconds | undefined,
): Seconds | undefined {
  const last = Math.max(one ?? 0, other ?? 0);
  return last === 0 || (newest ?? 0) > last - RECENT ? undefined : seconds(last);
}
