import { resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';

/**
 * Makes plain values ready for the schema: a key without a value counts as absent (a section whose every line is
 * commented out), and paths of `*_file` keys and of `files` become absolute.
 * @param above the parents of the value @param within the key of the nearest parent that is no list
 * @returns the values; or why they have no end
 */
export function prepare(
  value: unknown,
  directory: string,
  above: readonly object[] = [],
  within = '',
): Result<unknown, string> {
  if (typeof value !== 'object' || value === null) return ok(value);
  if (above.includes(value)) return err('an anchor (&) contains an alias (*) of itself: write the values out');
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const inner = prepare(item, directory, [...above, value], Array.isArray(value) ? within : key);
    if (!inner.ok) return inner;
    entries.push([key, prepared(key, inner.value, directory, within)]);
  }
  return ok(Array.isArray(value) ? entries.map(([, item]) => item ?? null) : Object.fromEntries(entries));
}

function prepared(key: string, value: unknown, directory: string, within: string): unknown {
  const names = key.endsWith('_file') || (key === 'path' && within === 'files');
  const isFile = names && typeof value === 'string' && value !== '';
  return isFile ? resolve(directory, value) : (value ?? undefined);
}
