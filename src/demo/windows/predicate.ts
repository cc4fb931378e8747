import { QueryError, type Tokens } from './tokens.ts';

/** What a query says of a thing. */
export type Predicate<T> = (thing: T) => boolean;

export const COMPARISONS = ['=', '!=', '<>', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Parentheses in parentheses, and brackets in brackets. */
export const MAX_NESTING = 24;

/** `or` binds loosest, then `and`, then `not`; the same in WQL and in XPath. @param test reads one comparison */
export function readPredicate<T>(tokens: Tokens, test: (depth: number) => Predicate<T>, depth = 0): Predicate<T> {
  if (depth > MAX_NESTING) throw new QueryError('it is nested too deep');
  const one = (): Predicate<T> => {
    if (tokens.accept('not')) {
      const inner = one();
      return (thing) => !inner(thing);
    }
    if (!tokens.accept('(')) return test(depth + 1);
    const inner = readPredicate(tokens, test, depth + 1);
    tokens.expect(')');
    return inner;
  };
  const all = joined(tokens, 'and', one, (parts) => (thing) => parts.every((part) => part(thing)));
  return joined(tokens, 'or', all, (parts) => (thing) => parts.some((part) => part(thing)))();
}

/** @param order below 0, 0 or above: how the found value compares with the wanted one */
export function holds(comparison: Comparison, order: number): boolean {
  switch (comparison) {
    case '=':
      return order === 0;
    case '!=':
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}

function joined<T>(
  tokens: Tokens,
  word: 'and' | 'or',
  read: () => Predicate<T>,
  join: (parts: readonly Predicate<T>[]) => Predicate<T>,
): () => Predicate<T> {
  return () => {
    const first = read();
    if (!tokens.accept(word)) return first;
    const parts = [first, read()];
    while (tokens.accept(word)) parts.push(read());
    return join(parts);
  };
}
