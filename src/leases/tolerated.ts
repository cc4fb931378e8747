import type { Tolerance } from '../config/sections/leases.ts';

/** 29 % of 100 is 28.999999999999996 in binary, and means 29. */
const ROUNDING = 1e-9;

/** How many leases of a class may lapse without an alert, at least 1, given how many there are. */
export function tolerated(tolerate: Tolerance, leases: number): number {
  if ('count' in tolerate) return Math.max(1, tolerate.count);
  return Math.max(1, Math.floor(tolerate.share * leases + ROUNDING));
}
