import { err, ok, type Result } from './result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Millis, millis, SECOND_MS } from './time.ts';

const UNITS = [
  ['y', 365 * DAY_MS],
  ['w', 7 * DAY_MS],
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
  ['ms', 1],
] as const;

/** Units in falling order, each at most once, as Prometheus' model.ParseDuration takes them. */
const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** A thousand years: longer is a typing mistake, and keeps every sum of durations exact. */
const MAX_MS = 1000 * 365 * DAY_MS;

/**
 * Reads a duration as Prometheus writes it (`30s`, `1h30m`, `180d`).
 * @returns at least 0; or what is wrong with the text
 */
export function parseDuration(text: string): Result<Millis, string> {
  if (text === '0') return ok(millis(0));
  const match = PATTERN.exec(text);
  if (text === '' || match === null) {
    return err(`not a duration: write it as Prometheus does, for example 30s, 5m, 1h30m or 180d`);
  }
  let total = 0;
  for (const [index, [, milliseconds]] of UNITS.entries()) {
    const digits = match[index + 1];
    if (digits !== undefined) total += Number(digits) * milliseconds;
  }
  return total > MAX_MS ? err('longer than a thousand years') : ok(millis(total));
}

/** Writes a duration as the shortest text that `parseDuration` reads back to the same number. */
export function formatDuration(milliseconds: Millis): string {
  let rest = Math.round(milliseconds);
  if (rest === 0) return '0s';
  // A number of whole days reads better in days than in years and weeks: 180d, not 25w5d.
  const units = rest % DAY_MS === 0 ? UNITS.filter(([name]) => name === 'd') : UNITS.slice(2);
  let text = '';
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return text;
}
