import { DAY_S, HOUR_S, MINUTE_S } from '../kernel/time.ts';
import { LICENSE_STATUS } from '../products/license-status.ts';
import type { Sufficiency } from './count.ts';
import type { LeaseRequest, LeaseSettings, Renewal, SelfReport } from './types.ts';

/** A client that asks again so soon after an answer repeats itself, and cannot tell yet what the answer led to. */
const REPEAT_WITHIN = 15 * MINUTE_S;
/** 180 days: what a genuine host grants at most, whatever validity is configured. */
export const MAX_MINUTES = 259_200;
/** A client may say so soon after a renewal what it was before: its clock differs, and its status may be older than the answer. */
const UNSETTLED_WITHIN = 4 * HOUR_S;

/** What a client says of its state before the request. */
export type Testimony = 'licensed' | 'anomaly' | 'not_licensed';

/** What a host's answer is worth: a presumed renewal, or why there is none. */
export type Answer = 'presumed' | 'refused' | 'no_pool' | 'doubted' | 'too_few';

/** Rule 0: less than 15 minutes after the last renewal, by the same machine, if that led to a presumption. */
export function isRepeat(renewal: Renewal | undefined, request: LeaseRequest): boolean {
  if (renewal?.presumed !== true) return false;
  return request.time - renewal.time < REPEAT_WITHIN && renewal.machine === request.machine;
}

export function testimonyOf(request: Pick<SelfReport, 'status' | 'minutes'>): Testimony {
  if (request.status !== LICENSE_STATUS.licensed) return 'not_licensed';
  return request.minutes >= 1 && request.minutes <= MAX_MINUTES ? 'licensed' : 'anomaly';
}

/** When the client says that its activation ends; for testimony `licensed`. */
export function statedEnd(request: SelfReport): number {
  return request.time + request.minutes * MINUTE_S;
}

/**
 * Rule 1: whether the last renewal took, as this request bears witness.
 * @returns undefined when it does not tell
 */
export function renewalTook(renewal: Renewal | undefined, request: SelfReport, validity: number): boolean | undefined {
  if (renewal === undefined || renewal.machine !== request.machine) return undefined;
  const end = renewal.time + validity;
  switch (testimonyOf(request)) {
    case 'licensed':
      // A day for clocks that differ and for the client's rounding.
      if (statedEnd(request) >= end - DAY_S) return true;
      return renewal.presumed ? false : undefined;
    case 'not_licensed':
      return renewal.presumed && end > request.time ? false : undefined;
    case 'anomaly':
      return undefined;
  }
}

/** Whether what a client says outside of a request counts: soon after a renewal only when it proves that this took. */
export function isSettled(renewal: Renewal | undefined, report: SelfReport, validity: number): boolean {
  if (testimonyOf(report) === 'anomaly') return false;
  if (renewal === undefined || report.time - renewal.time > UNSETTLED_WITHIN) return true;
  return renewalTook(renewal, report, validity) === true;
}

/**
 * Rule 2: what the host's answer is worth.
 * @param doubt as it is after rule 1
 * @param count what the count of the host and pool was worth at the request's time, this request included
 */
export function answerTo(request: LeaseRequest, doubt: boolean, count: Sufficiency | undefined): Answer {
  if (request.hresult !== 0) return 'refused';
  if (request.pool === undefined) return 'no_pool';
  if (doubt) return 'doubted';
  if (count === 'enough') return 'presumed';
  // Its host had counted enough a while ago, and nothing says otherwise.
  return count === 'open' && testimonyOf(request) === 'licensed' ? 'presumed' : 'too_few';
}

/** Start of the run that a request belongs to, given the run of the request before it. */
export function continuedRun(
  lease: { readonly last: { readonly time: number }; readonly runStart: number } | undefined,
  request: LeaseRequest,
  settings: LeaseSettings,
): number {
  if (lease === undefined) return request.time;
  return request.time - lease.last.time <= 2 * settings.activationInterval ? lease.runStart : request.time;
}
