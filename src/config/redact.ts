import { NO_SUCH_FILE } from '../kernel/file-failure.ts';
import { HIDDEN, Secret } from '../kernel/secret.ts';
import { readBounded } from './read-bounded.ts';

/** Keys whose `_file` holds a secret, and key material as it is printed: line by line. */
const SECRET_FILES = new Set([
  'token_file',
  'password_file',
  'url_file',
  'key_file',
  'proxy_url_file',
  'bearer_token_file',
]);

const MAX_FILE = 64 * 1024;

/** Shorter ones would be found in every other word. */
const SHORTEST = 4;

/** In place of an output that may show a secret. */
const WITHHELD = '(not shown, as a file with a secret cannot be read)';

/** The lines that each file had when it could be read last. */
const lastRead = new Map<string, readonly string[]>();

/**
 * Takes every secret of the configuration out of a text from outside, as it is in its file now: the last line of
 * defence, for texts that nobody knows the maker of. If a file cannot be read, the secret that it had before.
 */
export async function redactSecrets(text: string, config: object): Promise<string> {
  return text === '' ? text : hide(text, await secretsOf(config));
}

/** The same of the output of a program, which can read those files too: if a secret is not known, nothing is shown. */
export async function redactOutput(text: string, config: object): Promise<string> {
  if (text === '') return text;
  const secrets = await secretsOf(config);
  return secrets.includes(undefined) ? WITHHELD : hide(text, secrets);
}

function hide(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST);
  // The longest first: one may be a part of another.
  const all = known.sort((a, b) => b.length - a.length);
  return all.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text);
}

/** Undefined for each that cannot be known. */
async function secretsOf(config: object): Promise<readonly (string | undefined)[]> {
  return (await Promise.all([...sourcesIn(config)])).flat();
}

function* sourcesIn(value: object): Iterable<Promise<readonly (string | undefined)[]>> {
  for (const [key, inner] of Object.entries(value)) {
    if (inner instanceof Secret) yield Promise.resolve([inner.reveal()]);
    else if (typeof inner === 'string' && SECRET_FILES.has(key)) yield linesOf(inner);
    else if (typeof inner === 'object' && inner !== null) yield* sourcesIn(inner);
  }
}

async function linesOf(path: string): Promise<readonly (string | undefined)[]> {
  const octets = await readBounded(path, MAX_FILE);
  if (!octets.ok) return lastRead.get(path) ?? (octets.error === NO_SUCH_FILE ? [] : [undefined]);
  const text = octets.value.toString('utf8');
  const lines = [text.trim(), ...text.split(/[\r\n]+/).filter((line) => !line.startsWith('-----'))];
  lastRead.set(path, lines);
  return lines;
}
