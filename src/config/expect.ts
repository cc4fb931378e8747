import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { printable } from '../kernel/host-name.ts';

/** The input of zod's function that words a mistake. */
interface Issue {
  readonly code?: string | undefined;
  readonly input?: unknown;
  readonly keys?: readonly string[];
}

/** Words a wrong type: what was expected, and what was found instead. */
export function expects(what: string): (issue: Issue) => string {
  return wrongType(what, (value) => `, found ${found(value)}`);
}

/** The same for a value that no output may show. */
export function expectsSecret(what: string): (issue: Issue) => string {
  return wrongType(what, () => '');
}

/** The same for a collection: text in its place may be a secret that lost its key. */
export function expectsCollection(what: string): (issue: Issue) => string {
  return wrongType(what, (value) => `, found ${typeof value === 'string' ? 'text' : found(value)}`);
}

function wrongType(what: string, instead: (value: unknown) => string): (issue: Issue) => string {
  return ({ input }) => (input === undefined ? `is missing: expected ${what}` : `expected ${what}${instead(input)}`);
}

/** A closed set of keys; every other one is a mistake that names the nearest. The message has one line a key, in zod's order. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  const notKeys = expectsCollection(`keys and values (${known.join(', ')})`);
  return z.strictObject(shape, {
    error: (issue: Issue) =>
      issue.code === 'unrecognized_keys'
        ? (issue.keys ?? []).map((key) => unknownKey(key, known)).join('\n')
        : notKeys(issue),
  });
}

export function list<Item extends z.core.$ZodType>(item: Item, what: string) {
  return z.array(item, { error: expectsCollection(`a list of ${what}`) });
}

/** The value of a mistake as a person typed it; collections only by their kind. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  return typeof value === 'string' ? `'${printable(value)}'` : String(value);
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestOf(key, known);
  const help = nearest === undefined ? `known here: ${known.join(', ')}` : `did you mean '${nearest}'?`;
  return `unknown key '${printable(key)}'; ${help}`;
}

/** The known word that a person most likely meant: at most a third of its letters away, and never fewer than two. */
function nearestOf(word: string, known: readonly string[]): string | undefined {
  const plain = plainWord(word);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const far = word.length > 100 ? Number.POSITIVE_INFINITY : distance(plain, plainWord(candidate));
    if (far <= Math.max(2, candidate.length / 3) && far < candidate.length && far < least) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

function plainWord(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}
