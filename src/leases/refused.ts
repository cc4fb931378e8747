import { DAY_S } from '../kernel/time.ts';

/** The requests looked at, before now. */
export const REFUSED_WINDOW = DAY_S;
/** One failed request may be a mishap. */
const AT_LEAST = 2;

/** Whether a host refuses a product: every one of at least two requests in 24 hours failed. */
export function isRefused(requests: number, failed: number): boolean {
  return requests >= AT_LEAST && failed === requests;
}
