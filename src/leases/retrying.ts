import { DAY_S } from '../kernel/time.ts';
import type { Lease, LeaseState } from './types.ts';

/** A lease that has been silent for longer than this has given up. */
const RETRYING_WITHIN = DAY_S;
/** A run that has lasted longer will not end by itself. */
const LONG_RUN = DAY_S;

/**
 * Whether a lease asks again and again without getting what it asks for.
 * @param interval the activation interval in seconds: of a fresh report of the lease's host, else as configured
 */
export function isRetrying(lease: Lease, state: LeaseState, now: number, interval: number): boolean {
  const { last, previous } = lease;
  return (
    getsNothing(state, last.hresult !== 0) && previous !== undefined && isTrying(last.time, previous, now, interval)
  );
}

/** Whether a lease does not get what it asks for. @param failed its last request had another HRESULT than 0 */
export function getsNothing(state: LeaseState, failed: boolean): boolean {
  return failed || state === 'unactivated' || state === 'renewal_failing';
}

/** Whether a lease asks again and again. @param previous time of the request before the last */
export function isTrying(last: number, previous: number, now: number, interval: number): boolean {
  return last - previous <= 2 * interval && now - last <= RETRYING_WITHIN;
}

/**
 * Start of a lease's run at an interval other than the configured one (for that, `Lease.runStart` has it).
 * @param times of the lease's requests, newest first; read no further than needed
 * @returns undefined when there are none
 */
export function runStartOf(times: Iterable<number>, interval: number): number | undefined {
  let start: number | undefined;
  for (const time of times) {
    if (start !== undefined && start - time > 2 * interval) break;
    start = time;
  }
  return start;
}

/** Whether a retrying lease has been at it for more than a day. */
export function isLongRun(runStart: number, now: number): boolean {
  return now - runStart > LONG_RUN;
}
