import { err, ok, type Result } from '../kernel/result.ts';
import { readBounded } from './read-bounded.ts';
import { secretSource } from './secrets.ts';

/** The largest of them: a bundle of authorities. */
const MAX_FILE = 4 * 1024 * 1024;

const SECRETS = new Set(['token_file', 'password_file', 'url_file', 'proxy_url_file', 'bearer_token_file']);

/** The files that a configuration names by its `*_file` keys. @returns absolute paths, each once, with the key of each */
export function namedFiles(config: object): ReadonlyMap<string, string> {
  return new Map(filesIn(config));
}

function* filesIn(value: object): Iterable<readonly [path: string, key: string]> {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && key.endsWith('_file')) yield [inner, key];
    else if (typeof inner === 'object' && inner !== null) yield* filesIn(inner);
  }
}

/** @returns its contents; or why it cannot be read, and what to do */
export async function readNamed(path: string): Promise<Result<Buffer, string>> {
  const read = await readBounded(path, MAX_FILE);
  return read.ok ? read : err(`cannot read ${path}: ${read.error}`);
}

/** Reads a file; a secret is kept in case its file cannot be read later. @returns why it cannot be, and what to do */
export async function tryFile(path: string, key: string): Promise<Result<undefined, string>> {
  const read = await readNamed(path);
  if (read.ok && SECRETS.has(key)) await secretSource(undefined, path)?.read();
  return read.ok ? ok(undefined) : read;
}
