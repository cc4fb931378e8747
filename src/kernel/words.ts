import { DAY_S, HOUR_S, MINUTE_S, rfc3339OfSeconds, type Seconds, seconds } from './time.ts';

/** `2026-11-24 03:00 UTC`. @param time seconds since the epoch, as in all that follows */
export function instant(time: Seconds): string {
  return `${rfc3339OfSeconds(time).slice(0, 16).replace('T', ' ')} UTC`;
}

/** `in 12 days`, `3 hours ago`, `just now`. */
export function relative(time: Seconds, now: Seconds): string {
  const distance = Math.abs(time - now);
  if (distance < MINUTE_S) return 'just now';
  return time > now ? `in ${span(seconds(distance))}` : `${span(seconds(distance))} ago`;
}

/** `2026-12-06 03:00 UTC (in 12 days)`. */
export function at(time: Seconds, now: Seconds): string {
  return `${instant(time)} (${relative(time, now)})`;
}

/** In the unit that a person thinks in: minutes below 2 hours, hours below 2 days, else days; never less than a minute. */
export function span(seconds: Seconds): string {
  if (seconds < 2 * HOUR_S) return counted(Math.max(1, Math.floor(seconds / MINUTE_S)), 'minute');
  if (seconds < 2 * DAY_S) return counted(Math.floor(seconds / HOUR_S), 'hour');
  return counted(Math.floor(seconds / DAY_S), 'day');
}

/** A configured interval, exactly where it is whole: `2 hours`, `7 days`. */
export function every(seconds: Seconds): string {
  if (seconds % DAY_S === 0) return seconds === DAY_S ? 'day' : counted(seconds / DAY_S, 'day');
  if (seconds % HOUR_S === 0) return seconds === HOUR_S ? 'hour' : counted(seconds / HOUR_S, 'hour');
  return counted(Math.max(1, Math.round(seconds / MINUTE_S)), 'minute');
}

/** `1 lease`, `2 leases`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Whether each word of what is asked is in a text, in any order; both in lower case. */
export function hasWords(text: string, asked: string): boolean {
  return asked.split(/\s+/).every((word) => text.includes(word));
}

/** `a, b and c`; `a, b and 7 more` beyond `most`. */
export function listed(words: readonly string[], most = words.length): string {
  if (words.length > most) return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
  return joined(words, 'and');
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  return joined(words, 'or');
}

function joined(words: readonly string[], by: 'and' | 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${by} ${last}`;
}
