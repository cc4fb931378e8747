import { DAY_S } from '../kernel/time.ts';

/** From A to B and back to A in less is two machines with one id; a slower return is a rename undone. */
const IN_TURN_WITHIN = 30 * DAY_S;
/** Nobody renames a machine twice in a day. */
const MANY_WITHIN = DAY_S;
const MANY = 3;

/** The use of a client id by a machine, whatever it asked for and was answered. */
export interface IdUse {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly machine: string;
}

/** Machines share a client id. Seconds since the epoch. */
export interface Sharing {
  /** The first request that showed it. */
  readonly since: number;
  /** The last one. */
  readonly until: number;
}

/**
 * Whether machines share a client id: two of them used it in turn (A, B, A) within 30 days, or three within 24 hours.
 * @param uses in order of records, without those of ephemeral names
 * @returns undefined if they do not: a client id that goes from one name to another belongs to one machine, renamed
 */
export function sharingOf(uses: Iterable<IdUse>): Sharing | undefined {
  /** By machine: its last use, and its last before that of another machine. */
  const usesOf = new Map<string, { last: number; beforeOther: number | undefined }>();
  /** The last uses by the last three machines, newest first. */
  let newest: readonly IdUse[] = [];
  let sharing: Sharing | undefined;
  for (const use of uses) {
    const { time, machine } = use;
    const own = usesOf.get(machine);
    const beforeOther = newest[0]?.machine === machine ? own?.beforeOther : own?.last;
    const cameBack = beforeOther !== undefined && time - beforeOther <= IN_TURN_WITHIN;
    usesOf.set(machine, { last: time, beforeOther });
    newest = [use, ...newest.filter((other) => other.machine !== machine)].slice(0, MANY);
    const oldest = newest[MANY - 1];
    const areMany = oldest !== undefined && time - oldest.time <= MANY_WITHIN;
    if (cameBack || areMany) sharing = { since: sharing?.since ?? time, until: time };
  }
  return sharing;
}

/**
 * Replaces a client id that ephemeral machines use: each of their names has its own lease, but they are no
 * duplicates (`leases.ephemeral`).
 */
export const BY_NAME: Sharing = { since: 0, until: 0 };

/** Whether a client id is a duplicate, and not one of ephemeral machines. */
export function isDuplicate({ until }: Sharing): boolean {
  return until > 0;
}

/** How long a client id that was shared is news. */
const SHARED_WITHIN = 30 * DAY_S;

/** Whether a client id was a duplicate by a request of the last 30 days. */
export function isSharedAt(sharing: Sharing | undefined, now: number): boolean {
  return sharing !== undefined && sharing.until > now - SHARED_WITHIN;
}

/** What tells whether a name is that of an ephemeral machine. @param patterns `*` matches any characters */
export function ephemeralNames(patterns: readonly string[]): (machine: string) => boolean {
  if (patterns.length === 0) return () => false;
  const parts = patterns.map((pattern) =>
    pattern
      .toLowerCase()
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*'),
  );
  const expression = new RegExp(`^(?:${parts.join('|')})(?:\\..*)?$`);
  return (machine) => expression.test(machine);
}
