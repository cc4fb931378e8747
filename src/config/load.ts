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
  const source = readYaml(text);
  if (!source.ok) return err(inOrder(source.error));
  const value = prepare(source.value.data ?? {}, directory);
  if (!value.ok) return err([fileMistake(value.error)]);
  const parsed = ConfigSchema.safeParse(value.value);
  const findings: Finding[] = [...findingsOf(parsed.error?.issues ?? [])];
  const mistakes = [...source.value.repeatedKeys, ...findings.map((finding) => locate(source.value, finding))];
  return parsed.success && mistakes.length === 0 ? ok(parsed.data) : err(inOrder(mistakes));
}

function locate(source: YamlSource, { path, part, message }: Finding): Mistake {
  return { path: formatPath(path), ...source.locate(path, part), message };
}
