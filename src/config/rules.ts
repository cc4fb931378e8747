import type { z } from 'zod';
import { formatDuration } from '../kernel/duration.ts';
import { millis } from '../kernel/time.ts';
import { alternatives } from './expect.ts';

/**
 * Runs a rule over several keys even when other keys have mistakes, so that one run shows them all.
 * A rule must therefore bear keys that are missing or of a wrong type.
 */
export const BESIDE = {
  when: (payload: z.core.ParsePayload): boolean => typeof payload.value === 'object' && payload.value !== null,
};

type Context<T> = z.core.$RefinementCtx<T>;
type Keys = Readonly<Record<string, unknown>>;

/** One use of a word that may be used only once, and where it is under the value that is looked at. */
export interface Use {
  readonly word: unknown;
  readonly path: readonly PropertyKey[];
}

/** Refuses the second use of a word in a list. */
export function noRepeats<T>(what: string, uses: (value: T) => Iterable<Use>) {
  return (value: T, context: Context<T>): void => {
    if (!Array.isArray(value)) return;
    const seen = new Set<string>();
    for (const { word, path } of uses(value)) {
      if (typeof word !== 'string') continue;
      if (seen.has(word)) refuse(context, path, `${what} '${word}' is listed twice`);
      seen.add(word);
    }
  };
}

/** Refuses the second use of an item of a list of texts. */
export function noRepeatedItems(what: string) {
  return noRepeats<readonly string[]>(what, (items) => items.map((word, index) => ({ word, path: [index] })));
}

/** Exactly one of the keys must be there. */
export function exactlyOne(...keys: readonly string[]) {
  const rest = atMostOne(...keys);
  return (value: Keys, context: Context<unknown>): void => {
    if (Array.isArray(value)) return;
    if (present(value, keys).length === 0) refuse(context, [], `is incomplete: expected ${alternatives(keys)}`);
    rest(value, context);
  };
}

/** No more than one of the keys may be there. */
export function atMostOne(...keys: readonly string[]) {
  return (value: Keys, context: Context<unknown>): void => {
    const [first, ...others] = present(value, keys);
    for (const other of others) refuse(context, [other], `cannot be used with '${first}': keep one of the two`);
  };
}

/** A key is of no use without the other one. */
export function bothOrNone(first: string, second: string) {
  return (value: Keys, context: Context<unknown>): void => {
    const [only, ...more] = present(value, [first, second]);
    if (only === undefined || more.length > 0) return;
    refuse(context, [only], `needs '${only === first ? second : first}' as well`);
  };
}

/** The first duration must be shorter than the second. */
export function shorter<Key extends string>(first: Key, second: Key) {
  return (value: Readonly<Record<Key, unknown>>, context: Context<unknown>): void => {
    const less = value[first];
    const more = value[second];
    // A number that was written as one is a separate mistake: a duration has a unit, and is no number yet.
    if (typeof less !== 'number' || typeof more !== 'number' || less < more) return;
    if (context.issues.some(({ path }) => path?.[0] === first || path?.[0] === second)) return;
    refuse(
      context,
      [first],
      `must be shorter than '${second}' (${formatDuration(millis(more))}), but is ${formatDuration(millis(less))}`,
    );
  };
}

export function refuse<T>(context: Context<T>, path: readonly PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path: [...path], message });
}

function present(value: Keys, keys: readonly string[]): string[] {
  return keys.filter((key) => value[key] !== undefined);
}
