import { DAY, HOUR, MINUTE } from '../leases/seconds.ts';

/** `2026-11-24 03:00 UTC`. */
export function instant(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `in 12 days`, `3 hours ago`, `just now`. */
export function relative(time: number, now: number): string {
  const distance = Math.abs(time - now);
  if (distance < MINUTE) return 'just now';
  return time > now ? `in ${span(distance)}` : `${span(distance)} ago`;
}

/** `2026-12-06 03:00 UTC (in 12 days)`. */
export function at(time: number, now: number): string {
  return `${instant(time)} (${relative(time, now)})`;
}

/** The two largest-looking figures that a person needs: minutes below 2 hours, hours below 2 days, else days. */
export function span(seconds: number): string {
  if (seconds < 2 * HOUR) return plural(Math.max(1, Math.floor(seconds / MINUTE)), 'minute');
  if (seconds < 2 * DAY) return plural(Math.floor(seconds / HOUR), 'hour');
  return plural(Math.floor(seconds / DAY), 'day');
}

/** A configured interval, exactly where it is whole: `2 hours`, `7 days`. */
export function every(seconds: number): string {
  if (seconds % DAY === 0) return seconds === DAY ? 'day' : plural(seconds / DAY, 'day');
  if (seconds % HOUR === 0) return seconds === HOUR ? 'hour' : plural(seconds / HOUR, 'hour');
  return plural(Math.max(1, Math.round(seconds / MINUTE)), 'minute');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a, b and c`; `a, b and 7 more` beyond `most`. */
export function listed(words: readonly string[], most = words.length): string {
  if (words.length > most) return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
