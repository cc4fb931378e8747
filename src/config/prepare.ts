import { resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';

/**
 * Makes plain values ready for the schema: a key without a value counts as absent (a section whose every line is
 * commented out), and paths of `*_file` keys become absolute.
 * @param above the parents of the value
 * @returns the values; or why they have no end
 */
export function prepare(value: unknown, directory: string, above: readonly object[] = []): Result<unknown, string> {
  if (typeof value !== 'object' || value === null) return ok(value);
  if (above.includes(value)) return err('an anchor (&) contains an alias (*) of itself: write the values out');
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const inner = prepare(item, directory, [...above, value]);
    if (!inner.ok) return inner;
    entries.push([key, prepared(key, inner.value, directory)]);
  }
  return ok(Array.isArray(value) ? entries.map(([, item]) => item ?? null) : Object.fromEntries(entries));
}

function prepared(key: string, value: unknown, directory: string): unknown {
  const isFile = key.endsWith('_file') && typeof value === 'string' && value !== '';
  return isFile ? resolve(directory, value) : (value ?? undefined);
}
