import { rfc3339OfSeconds, seconds } from '../../kernel/time.ts';

/** A time as text; null for none, which is 0 in columns. */
export function timeOrNull(time: number | undefined): string | null {
  return time === undefined || time === 0 ? null : rfc3339OfSeconds(seconds(time));
}
