import { err, ok, type Result } from '../../kernel/result.ts';
import { HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';

/** Milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: MINUTE_MS,
  h: HOUR_MS,
};

/**
 * Reads a duration as Go's `time.ParseDuration` does (`1s`, `1.5s`, `100us`, `1h30m`), without a sign.
 * @returns milliseconds, at least 0; or an error message
 */
export function parseGoDuration(text: string): Result<number, string> {
  if (text === '0') return ok(0);
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)];
  const read = parts.reduce((length, [part]) => length + part.length, 0);
  if (read === 0 || read !== text.length)
    return err('not a duration: write it with a unit, for example 100ms, 1s or 1m');
  return ok(parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0));
}
