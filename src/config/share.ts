import { err, ok, type Result } from '../kernel/result.ts';
import { found } from './expect.ts';

/**
 * Reads a share of a whole (`5%`, `2.5%`).
 * @returns a number from 0 to 1; or an error message
 */
export function parseShare(text: string): Result<number, string> {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(text) ?? [];
  const percent = digits === undefined ? Number.NaN : Number(digits);
  if (percent <= 100) return ok(percent / 100);
  return err(`expected a share from 0% to 100%, found ${found(text)}`);
}

/** Writes a share with as many digits as `parseShare` takes. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(6))}%`;
}
