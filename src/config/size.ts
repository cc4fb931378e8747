import { err, ok, type Result } from '../kernel/result.ts';

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/**
 * Reads a size with a binary unit (`512KiB`, `16MiB`).
 * @returns bytes, a whole number; or an error message
 */
export function parseSize(text: string): Result<number, string> {
  const [, digits, unit] = /^(\d{1,6}) ?([KMGT]?i?B)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (factor === undefined) return err('not a size: write it with a unit, for example 512KiB, 16MiB or 1GiB');
  return ok(Number(digits) * factor);
}

/** Writes bytes in the largest unit that leaves a whole number. */
export function formatSize(octets: number): string {
  for (const [unit, factor] of Object.entries(UNITS).reverse()) {
    if (octets >= factor && octets % factor === 0) return `${octets / factor}${unit}`;
  }
  return `${octets}B`;
}
