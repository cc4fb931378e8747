import type { z } from 'zod';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Finding, findingsOf } from './issues.ts';
import { fileMistake, formatPath, inOrder, type Mistake } from './mistakes.ts';
import { prepare } from './prepare.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/**
 * Reads a configuration. An empty text is one: everything by default.
 * @param directory what relative paths of `*_file` keys start from
 * @returns the configuration; or every mistake in it, in the order of the text
 */
export function loadConfig(text: string, directory: string): Result<Config, Mistake[]> {
  const loaded = loadYaml(text, directory, ConfigSchema);
  return loaded.ok ? ok(loaded.value.data) : loaded;
}

/** The values of a text by a schema, and the positions of its parts. */
export interface Loaded<T> {
  readonly data: T;
  readonly source: YamlSource;
}

/**
 * Reads a YAML text by a schema.
 * @returns every mistake in the order of the text, when there is any
 */
export function loadYaml<Schema extends z.ZodType>(
  text: string,
  directory: string,
  schema: Schema,
): Result<Loaded<z.output<Schema>>, Mistake[]> {
  const source = readYaml(text);
  if (!source.ok) return err(inOrder(source.error));
  const value = prepare(source.value.data ?? {}, directory);
  if (!value.ok) return err([fileMistake(value.error)]);
  const parsed = schema.safeParse(value.value);
  const findings = [...findingsOf(parsed.error?.issues ?? [])];
  const mistakes = [...source.value.repeatedKeys, ...findings.map((finding) => locate(source.value, finding))];
  return parsed.success && mistakes.length === 0
    ? ok({ data: parsed.data, source: source.value })
    : err(inOrder(mistakes));
}

export function locate(source: YamlSource, { path, part, message }: Finding): Mistake {
  return { path: formatPath(path), ...source.locate(path, part), message };
}
