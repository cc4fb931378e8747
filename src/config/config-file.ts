import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import { loadConfig, locate } from './load.ts';
import { fileMistake, inOrder, type Mistake } from './mistakes.ts';
import { readBounded } from './read-bounded.ts';
import type { Config } from './schema.ts';
import { uselessFiles } from './useless-files.ts';
import { readYaml } from './yaml-source.ts';

/** Where the configuration is when no file is named. */
export const DEFAULT_CONFIG_FILE = systemPaths().config;

/** Thousands of hosts fit in; a larger file is not a configuration. */
export const MAX_CONFIG_BYTES = 1024 * 1024;

/** The file to read: the named one, else the default one where it exists; undefined: there is none, use the defaults. */
export function findConfigFile(explicit?: string, exists: (path: string) => boolean = existsSync): string | undefined {
  if (explicit !== undefined) return explicit;
  return exists(DEFAULT_CONFIG_FILE) ? DEFAULT_CONFIG_FILE : undefined;
}

/**
 * Reads a configuration file.
 * @returns the configuration, paths of `*_file` keys absolute; or every mistake in it
 */
export async function loadConfigFile(path: string): Promise<Result<Config, Mistake[]>> {
  const text = await readText(path);
  return text.ok ? loadConfig(text.value, dirname(resolve(path))) : text;
}

/** Reads a file of a configuration: UTF-8, at most MAX_CONFIG_BYTES octets. */
export async function readText(path: string): Promise<Result<string, Mistake[]>> {
  const bytes = await readBounded(path, MAX_CONFIG_BYTES);
  if (!bytes.ok) return err([fileMistake(`cannot read the configuration: ${bytes.error}`)]);
  const text = decode(bytes.value);
  return text === undefined ? err([fileMistake('not UTF-8 text: save it as UTF-8')]) : ok(text);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is wrong with the files that a valid configuration names. */
export async function mistakesInFiles(path: string, config: Config): Promise<readonly Mistake[]> {
  const useless = await uselessFiles(config);
  const text = useless.length === 0 ? undefined : await readText(path);
  const source = text?.ok ? readYaml(text.value) : undefined;
  if (!source?.ok) return [];
  return inOrder(useless.map((each) => locate(source.value, each)));
}
