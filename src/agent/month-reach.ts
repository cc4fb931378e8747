import { boundsOf, monthOf } from '../kernel/calendar-month.ts';
import { DAY_S, type Seconds, seconds } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';

/** Seconds: how long the rest of a log is awaited whose history broke off. */
const BROKEN_OFF = 7 * DAY_S;

type Log = Pick<HostAggregates, 'lastEvent' | 'lastArrival' | 'historyAt'>;

/**
 * Whether the logs tell all of a month: one at least is known beyond its end, and none broke off before that within the
 * last week. The month in which the newest record of all was written is whole once nothing came for a week; what comes
 * after it is in no log, and would be closed as a month in which nobody was active.
 * @param month `2026-10` @param now seconds since the epoch
 */
export function isReached(month: string, logs: readonly Log[], now: Seconds): boolean {
  const [, until] = boundsOf(month);
  const isWaitedFor = ({ historyAt }: Log) => historyAt !== undefined && now - historyAt < BROKEN_OFF;
  if (logs.some((log) => isWaitedFor(log) && knownUntil(log) < until)) return false;
  const newest = seconds(Math.max(0, ...logs.map(({ lastEvent }) => lastEvent ?? 0)));
  return logs.some((log) => knownUntil(log) >= until) || monthOf(newest) >= month;
}

/** A log that caught up is known up to when it was last heard, however silent its host is. */
function knownUntil({ lastEvent, lastArrival, historyAt }: Log): number {
  return Math.max(lastEvent ?? 0, historyAt === undefined ? (lastArrival ?? 0) : 0);
}
