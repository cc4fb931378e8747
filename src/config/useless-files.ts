import { stat } from 'node:fs/promises';
import { IS_FOLDER } from '../kernel/file-failure.ts';
import { Secret } from '../kernel/secret.ts';
import { contentsMistake, pairMistake } from './file-contents.ts';
import type { Finding } from './issues.ts';
import type { Path } from './mistakes.ts';
import { readNamed } from './named-files.ts';
import { patiently } from './patiently.ts';
import { programMistake } from './program-mistake.ts';
import { tryToOpen } from './read-bounded.ts';
import { resolveStatePath } from './state-path.ts';

type Keys = Readonly<Record<string, unknown>>;

/**
 * Opens each file that a configuration names, except that of `web`, which has its own check, and looks whether it
 * contains what it is named for; also whether programs can be run, and whether the database can be a file.
 */
export async function uselessFiles(config: object): Promise<readonly Finding[]> {
  const found = [...sectionsIn(config, [])].map(([path, keys]) => mistakesOf(path, keys));
  return (await Promise.all(found)).flat();
}

function* sectionsIn(value: object, path: Path): Iterable<readonly [path: Path, keys: Keys]> {
  if (path[0] === 'web' || value instanceof Secret) return;
  if (!Array.isArray(value)) yield [path, { ...value }];
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null)
      yield* sectionsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

async function mistakesOf(path: Path, keys: Keys): Promise<readonly Finding[]> {
  const files = new Map<string, Buffer>();
  const mistakes: [key: string, message: string | undefined][] = [];
  for (const [key, file] of Object.entries(keys)) {
    if (typeof file !== 'string' || !key.endsWith('_file')) continue;
    const read = await readNamed(file);
    if (read.ok) files.set(key, read.value);
    mistakes.push([key, read.ok ? withName(file, contentsMistake(key, read.value)) : read.error]);
  }
  mistakes.push(['key_file', withName(keys['key_file'], mismatchOf(files))]);
  mistakes.push(['path', path[0] === 'inventory' ? await listMistake(keys['path']) : undefined]);
  mistakes.push(['path', path[0] === 'store' ? await databaseMistake(keys['path']) : undefined]);
  mistakes.push(['command', await commandMistake(keys['command'])]);
  return mistakes.flatMap(([key, message]) =>
    message === undefined ? [] : [{ path: [...path, key], part: 'value' as const, message }],
  );
}

function withName(file: unknown, message: string | undefined): string | undefined {
  return message === undefined ? undefined : `${file} ${message}`;
}

function mismatchOf(files: ReadonlyMap<string, Buffer>): string | undefined {
  const [cert, key] = [files.get('cert_file'), files.get('key_file')];
  return cert && key && pairMistake(cert, key);
}

async function commandMistake(command: unknown): Promise<string | undefined> {
  const program: unknown = Array.isArray(command) ? command[0] : undefined;
  return typeof program === 'string' ? await programMistake(program) : undefined;
}

/** The agent makes the file, and the folder that it is in. */
async function databaseMistake(path: unknown): Promise<string | undefined> {
  const file = typeof path === 'string' ? resolveStatePath(path, process.env) : undefined;
  if (!file?.ok) return undefined;
  const found = await patiently(file.value, () => stat(file.value).catch(() => undefined));
  return found?.isDirectory() ? `cannot use ${file.value}: ${IS_FOLDER}` : undefined;
}

/** A list of machines may be large: it is opened, and not read. */
async function listMistake(path: unknown): Promise<string | undefined> {
  if (typeof path !== 'string') return undefined;
  const opened = await tryToOpen(path);
  return opened.ok ? undefined : `cannot read ${path}: ${opened.error}`;
}
