import { err, ok, type Result } from '../../kernel/result.ts';
import { COMPARISONS, holds, type Predicate, readPredicate } from './predicate.ts';
import { QueryError, Tokens } from './tokens.ts';
import { isDate, readDmtfTime, type WmiInstance, type WmiValue } from './wmi-value.ts';

/** The part of WQL that readers use: SELECT columns FROM class WHERE comparisons. */
export interface WqlQuery {
  /** As written; undefined: all. */
  readonly columns: readonly string[] | undefined;
  readonly className: string;
  /** Every property that it names, as written. */
  readonly properties: readonly string[];
  readonly matches: Predicate<WmiInstance>;
}

type Literal = null | boolean | number | bigint | string;

/** Reads a query; what is wrong with it otherwise. */
export function readWql(text: string): Result<WqlQuery, string> {
  try {
    return ok(readQuery(new Tokens(text, 'wql')));
  } catch (error) {
    if (error instanceof QueryError) return err(error.message);
    throw error;
  }
}

function readQuery(tokens: Tokens): WqlQuery {
  tokens.expect('select');
  const columns = tokens.accept('*') ? undefined : readColumns(tokens);
  tokens.expect('from');
  const className = tokens.next('word').value;
  const named: string[] = [...(columns ?? [])];
  const matches = tokens.accept('where') ? readPredicate(tokens, () => readTest(tokens, named)) : () => true;
  if (!tokens.isAtEnd) throw new QueryError('it goes on after its end');
  return { columns, className, properties: named, matches };
}

function readColumns(tokens: Tokens): string[] {
  const columns = [tokens.next('word').value];
  while (tokens.accept(',')) columns.push(tokens.next('word').value);
  return columns;
}

function readTest(tokens: Tokens, named: string[]): Predicate<WmiInstance> {
  const property = tokens.next('word').value;
  named.push(property);
  const key = property.toLowerCase();
  if (tokens.accept('is')) {
    const isNegated = tokens.accept('not');
    tokens.expect('null');
    return (instance) => (propertyOf(instance, key) === null) !== isNegated;
  }
  if (tokens.accept('like')) {
    const pattern = likePattern(tokens.next('text').value);
    return (instance) => pattern.test(String(propertyOf(instance, key) ?? ''));
  }
  const comparison = tokens.acceptOneOf(COMPARISONS);
  if (comparison === undefined) throw new QueryError('expected a comparison');
  const wanted = readLiteral(tokens);
  return (instance) => {
    const order = compare(propertyOf(instance, key), wanted);
    return order !== undefined && holds(comparison, order);
  };
}

function readLiteral(tokens: Tokens): Literal {
  if (tokens.accept('true')) return true;
  if (tokens.accept('false')) return false;
  if (tokens.accept('null')) return null;
  const token = tokens.next('text', 'number');
  if (token.kind !== 'number') return token.value;
  // A uint64 is more than a number holds exactly.
  return /^-?\d+$/.test(token.value) ? BigInt(token.value) : Number(token.value);
}

/** Names of properties are in any case. @param key lower case */
function propertyOf(instance: WmiInstance, key: string): WmiValue {
  for (const [name, value] of Object.entries(instance)) if (name.toLowerCase() === key) return value;
  return null;
}

/** Undefined: nothing can be said, and no comparison holds. Texts are compared in any case, as WMI does. */
function compare(found: WmiValue, wanted: Literal): number | undefined {
  if (found === null || wanted === null) return found === wanted ? 0 : undefined;
  if (isDate(found)) {
    const time = typeof wanted === 'string' ? readDmtfTime(wanted) : undefined;
    return time === undefined ? undefined : Math.sign(found.milliseconds - time);
  }
  if (typeof found === 'string') return compareTexts(found.toLowerCase(), String(wanted).toLowerCase());
  if (typeof found === 'object' || wanted === '') return undefined;
  return compareNumbers(found, wanted);
}

function compareNumbers(found: boolean | number | bigint, wanted: NonNullable<Literal>): number | undefined {
  if (typeof found === 'bigint' && typeof wanted === 'bigint') return found < wanted ? -1 : Number(found > wanted);
  const difference = Number(found) - Number(wanted);
  return Number.isNaN(difference) ? undefined : Math.sign(difference);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** With more of them, a text that nearly fits takes for ever. */
const MAX_WILDCARDS = 4;

/** `%` any text, `_` any character. */
function likePattern(pattern: string): RegExp {
  if (pattern.split('%').length - 1 > MAX_WILDCARDS) throw new QueryError('it has too many wildcards');
  const parts = [...pattern].map((char) => {
    if (char === '%') return '.*';
    return char === '_' ? '.' : char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'isu');
}
