import type { SourceRow, VerdictSettings } from './types.ts';

/**
 * What the sources say of whether a machine is there, as bits: hundreds of thousands are held at once. `DISABLED` is by the
 * newest word about it.
 */
export const NAMED = 1;
export const SEEN = 2;
/** Some source saw it within `gone`. */
export const RECENT = 4;
/** Some source that does not call it disabled saw it within `alive`. */
export const ALIVE = 8;
export const DISABLED = 16;

/** What one source says. Ages count back from its newest snapshot: one that has stopped makes nobody gone. */
export function presenceOf({ seen, readAt, disabled }: SourceRow, { alive, gone }: VerdictSettings): number {
  const isSeen = seen > 0;
  const isRecent = isSeen && seen >= readAt - gone;
  const isAlive = !disabled && isSeen && seen >= readAt - alive;
  return NAMED | (isSeen ? SEEN : 0) | (isRecent ? RECENT : 0) | (isAlive ? ALIVE : 0) | (disabled ? DISABLED : 0);
}

/** Both together. @param aWord @param bWord how old each word is */
export function bothPresences(a: number, aWord: number, b: number, bWord: number): number {
  const disabled = aWord === bWord ? a & b : aWord > bWord ? a : b;
  // A source that nothing is known of has no word.
  const own = a === 0 ? b : b === 0 ? a : disabled;
  return ((a | b) & ~DISABLED) | (own & DISABLED);
}

/** @param answered when a host last answered it; 0: never */
export function isGone(presence: number, answered: number, now: number, { alive }: VerdictSettings): boolean {
  if ((presence & NAMED) === 0 || (presence & ALIVE) !== 0 || answered >= now - alive) return false;
  if ((presence & DISABLED) !== 0) return true;
  return (presence & SEEN) !== 0 && (presence & RECENT) === 0;
}
