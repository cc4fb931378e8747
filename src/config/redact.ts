import { HIDDEN, Secret } from '../kernel/secret.ts';
import { readBounded } from './read-bounded.ts';

/** Keys whose `_file` holds a secret, and key material as it is printed: line by line. */
const SECRET_FILES = new Set(['token_file', 'password_file', 'url_file', 'key_file']);

const MAX_FILE = 64 * 1024;

/** Shorter ones would be found in every other word. */
const SHORTEST = 4;

/**
 * Takes every secret of the configuration out of a text from outside, as it is in its file now: the last line of
 * defence, for texts that nobody knows the maker of.
 */
export async function redactSecrets(text: string, config: object): Promise<string> {
  if (text === '') return text;
  const secrets = (await Promise.all([...sourcesIn(config)])).flat().filter((secret) => secret.length >= SHORTEST);
  // The longest first: one may be a part of another.
  const all = secrets.sort((a, b) => b.length - a.length);
  return all.reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text);
}

function* sourcesIn(value: object): Iterable<Promise<readonly string[]>> {
  for (const [key, inner] of Object.entries(value)) {
    if (inner instanceof Secret) yield Promise.resolve([inner.reveal()]);
    else if (typeof inner === 'string' && SECRET_FILES.has(key)) yield linesOf(inner);
    else if (typeof inner === 'object' && inner !== null) yield* sourcesIn(inner);
  }
}

async function linesOf(path: string): Promise<readonly string[]> {
  const octets = await readBounded(path, MAX_FILE);
  if (!octets.ok) return [];
  const text = octets.value.toString('utf8');
  const lines = text.split(/[\r\n]+/).filter((line) => !line.startsWith('-----'));
  return [text.trim(), ...lines];
}
