import { resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Finding, findingsOf } from './issues.ts';
import { fileMistake, formatPath, inOrder, type Mistake } from './mistakes.ts';
import { NOT_AVAILABLE, notYetIn } from './not-yet.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/**
 * Reads a configuration. An empty text is one: everything by default.
 * @param directory what relative paths of `*_file` keys start from
 * @returns the configuration; or every mistake in it, in the order of the text
 */
export function loadConfig(text: string, directory: string): Result<Config, Mistake[]> {
  const source = readYaml(text);
  if (!source.ok) return err(inOrder(source.error));
  const value = prepare(source.value.data ?? {}, directory, []);
  if (!value.ok) return err([fileMistake(value.error)]);
  const parsed = ConfigSchema.safeParse(value.value);
  const findings = [
    ...findingsOf(parsed.error?.issues ?? []),
    ...notYetIn(value.value).map((path): Finding => ({ path, part: 'key', message: NOT_AVAILABLE })),
  ];
  const mistakes = [...source.value.repeatedKeys, ...findings.map((finding) => locate(source.value, finding))];
  return parsed.success && mistakes.length === 0 ? ok(parsed.data) : err(inOrder(mistakes));
}

function locate(source: YamlSource, { path, part, message }: Finding): Mistake {
  return { path: formatPath(path), ...source.locate(path, part), message };
}

/**
 * Makes plain values ready for the schema: a key without a value counts as absent (a section whose every line is
 * commented out), and paths of `*_file` keys become absolute.
 */
function prepare(value: unknown, directory: string, above: readonly object[]): Result<unknown, string> {
  if (typeof value !== 'object' || value === null) return ok(value);
  if (above.includes(value)) return err('an anchor (&) has an alias (*) of itself in it: write the values out');
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
