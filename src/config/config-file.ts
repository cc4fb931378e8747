import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '../kernel/result.ts';
import { loadConfig } from './load.ts';
import { fileMistake, type Mistake } from './mistakes.ts';
import { readBounded } from './read-bounded.ts';
import type { Config } from './schema.ts';

/** Where the configuration is when no file is named. */
export const DEFAULT_CONFIG_FILE = '/etc/kmswatch/kmswatch.yml';

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
