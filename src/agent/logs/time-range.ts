import { DAY_MS } from '../../kernel/time.ts';

const LONGEST = 32 * DAY_MS;
const SHORTEST = DAY_MS / 24;
/** What is older is one range at first: a lease that old has been forgotten, unless `leases.forget_after` was changed. */
const RECENT = 400 * DAY_MS;

/** A range of time in milliseconds since the epoch: what a query asks for, where all at once is too much. */
export interface TimeRange {
  readonly from: number;
  /** It ends before this; undefined: it has all that comes. */
  readonly to: number | undefined;
}

export function everythingSince(from: number): TimeRange {
  return { from, to: undefined };
}

/** The one after it, twice as long where it was a short one; undefined when nothing comes after it. */
export function after({ from, to }: TimeRange, now: number): TimeRange | undefined {
  return to === undefined ? undefined : rangeOf(to, Math.min(LONGEST, (to - from) * 2), now);
}

/** The first part of it; undefined when it cannot be shorter. */
export function shorter({ from, to }: TimeRange, now: number): TimeRange | undefined {
  if (to === undefined && from < now - RECENT) return { from, to: now - RECENT };
  const length = to === undefined ? Math.min(2 * LONGEST, now - from) : to - from;
  return length <= SHORTEST ? undefined : rangeOf(from, length / 2, now);
}

export function isWithin(time: number, { from, to }: TimeRange): boolean {
  return time >= from && (to === undefined || time < to);
}

function rangeOf(from: number, length: number, now: number): TimeRange {
  return { from, to: from + length < now ? from + length : undefined };
}
