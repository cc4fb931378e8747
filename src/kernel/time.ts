declare const unit: unique symbol;

/**
 * A time since the epoch or a length of time in seconds: what records, leases and metrics have. Whatever passes from room
 * to room has one of the two units; the loops within `src/store`, `src/leases` and `src/machines` that go over all leases
 * or machines count in plain numbers, which are seconds.
 */
export type Seconds = number & { readonly [unit]: 's' };
/** The same in milliseconds: what clocks and timers have. */
export type Millis = number & { readonly [unit]: 'ms' };

/** Says that a number is of seconds. Arithmetic gives plain numbers, whose unit the code around it knows. */
export function seconds(count: number): Seconds {
  return count as Seconds;
}

/** Says that a number is of milliseconds. */
export function millis(count: number): Millis {
  return count as Millis;
}

export function inMillis(time: Seconds): Millis {
  return millis(time * SECOND_MS);
}

export function inSeconds(time: Millis): Seconds {
  return seconds(time / SECOND_MS);
}

/** Cut off and not rounded: a time that has not come yet is never given. */
export function wholeSeconds(time: Millis): Seconds {
  return seconds(Math.floor(time / SECOND_MS));
}

/** `2026-11-24T03:00:00Z` (RFC 3339). */
export function rfc3339OfSeconds(time: Seconds): string {
  return `${new Date(inMillis(time)).toISOString().slice(0, 19)}Z`;
}

/** The same; null for none, which is 0 in columns. */
export function rfc3339OrNull(time: number | undefined): string | null {
  return time === undefined || time === 0 ? null : rfc3339OfSeconds(seconds(time));
}

/** `2026-11-24T03:00:00.000Z` (RFC 3339). */
export function rfc3339OfMillis(time: Millis): string {
  return new Date(time).toISOString();
}

export const MINUTE_S = seconds(60);
export const HOUR_S = seconds(60 * MINUTE_S);
export const DAY_S = seconds(24 * HOUR_S);

export const SECOND_MS = millis(1000);
export const MINUTE_MS = millis(MINUTE_S * SECOND_MS);
export const HOUR_MS = millis(HOUR_S * SECOND_MS);
export const DAY_MS = millis(DAY_S * SECOND_MS);
