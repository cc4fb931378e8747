import { CENSUS_WINDOW } from './census-window.ts';
import type { Interval } from './types.ts';

/**
 * When a host counts one client id in one pool: rising intervals that do not touch, each from a contact to 30 days after
 * the last of a row of contacts. A client that renews has one; there is another after every month of silence.
 */
export type Presence = readonly Interval[];

export interface Contact {
  readonly presence: Presence;
  /** What this contact adds: never more than one piece, as every interval is at least as long as a contact's own. */
  readonly added: Interval | undefined;
}

/**
 * Adds a contact (a request of HRESULT 0) at any time, late or not.
 * A contact at x counts at t in (t - 30 days, t], so from x up to but not including x + 30 days.
 */
export function addContact(presence: Presence, time: number): Contact {
  const end = time + CENSUS_WINDOW;
  const index = nextAfter(presence, time);
  const left = touching(presence[index - 1], time);
  if (left !== undefined && left.until >= end) return { presence, added: undefined };
  const right = presence[index];
  const joined = right !== undefined && right.from <= end;
  const added = { from: left?.until ?? time, until: joined ? right.from : end };
  const merged = { from: left?.from ?? time, until: joined ? right.until : end };
  const rest = presence.slice(joined ? index + 1 : index);
  return {
    presence: [...presence.slice(0, left ? index - 1 : index), merged, ...rest],
    added: added.from < added.until ? added : undefined,
  };
}

/** Whether the client counts at a time. */
export function isPresent(presence: Presence, time: number): boolean {
  return presence.some(({ from, until }) => from <= time && time < until);
}

/** The index of the first interval that begins later. Contacts mostly come in order, so it looks from the end. */
function nextAfter(presence: Presence, time: number): number {
  let index = presence.length;
  while (index > 0 && (presence[index - 1]?.from ?? time) > time) index--;
  return index;
}

function touching(interval: Interval | undefined, time: number): Interval | undefined {
  return interval !== undefined && interval.until >= time ? interval : undefined;
}
