import { err, ok, type Result } from '../../kernel/result.ts';
import type { StoredEvent } from './event-log.ts';
import { severityOf } from './event-xml.ts';
import { COMPARISONS, type Comparison, holds, MAX_NESTING, type Predicate, readPredicate } from './predicate.ts';
import { QueryError, Tokens } from './tokens.ts';

/** What a query can ask of a record: its `System` part, and of that what a filter is likely to name. */
const FIELDS: Readonly<Record<string, (event: StoredEvent) => number | string>> = {
  EventID: ({ eventId }) => eventId,
  EventRecordID: ({ recordId }) => recordId,
  Channel: ({ channel }) => channel,
  Level: (event) => severityOf(event).level,
  Task: () => 0,
};

/** Elements that are asked by an attribute. */
const ATTRIBUTES: Readonly<Record<string, readonly [attribute: string, (event: StoredEvent) => string]>> = {
  Provider: ['Name', ({ provider }) => provider],
  TimeCreated: ['SystemTime', ({ time }) => new Date(time).toISOString()],
};

/** A filter such as `*[System[Provider[@Name='X'] and (EventID=1 or EventID=2)]]`: the part of XPath that event logs take. */
export function readEventXpath(text: string): Result<Predicate<StoredEvent>, string> {
  try {
    const tokens = new Tokens(text, 'xpath');
    if (!tokens.accept('*') && !tokens.accept('Event')) throw new QueryError('expected * or Event');
    const matches = readFilters(tokens, (depth) => readSystem(tokens, depth), 0);
    if (!tokens.isAtEnd) throw new QueryError('it goes on after its end');
    return ok(matches);
  } catch (error) {
    if (error instanceof QueryError) return err(error.message);
    throw error;
  }
}

type Reader = (depth: number) => Predicate<StoredEvent>;

/** Any number of `[...]`; all must hold. */
function readFilters(tokens: Tokens, test: Reader, depth: number): Predicate<StoredEvent> {
  if (depth > MAX_NESTING) throw new QueryError('it is nested too deep');
  const filters: Predicate<StoredEvent>[] = [];
  while (tokens.accept('[')) {
    filters.push(readPredicate(tokens, test, depth + 1));
    tokens.expect(']');
  }
  return (event) => filters.every((filter) => filter(event));
}

function readSystem(tokens: Tokens, depth: number): Predicate<StoredEvent> {
  tokens.expect('System');
  return readFilters(tokens, (inner) => readField(tokens, inner), depth);
}

function readField(tokens: Tokens, depth: number): Predicate<StoredEvent> {
  const name = tokens.next('word').value;
  const field = FIELDS[name];
  const asked = ATTRIBUTES[name];
  if (field === undefined && asked === undefined) throw new QueryError(`${name} cannot be asked for`);
  if (asked !== undefined) return readFilters(tokens, () => readAttribute(tokens, asked), depth);
  const comparison = readComparison(tokens);
  const wanted = tokens.next('number', 'text');
  return (event) => holds(comparison, compare(field?.(event) ?? '', wanted.value));
}

function readAttribute(
  tokens: Tokens,
  [name, read]: readonly [string, (event: StoredEvent) => string],
): Predicate<StoredEvent> {
  tokens.expect('@');
  tokens.expect(name);
  const comparison = readComparison(tokens);
  const wanted = tokens.next('text').value;
  return (event) => holds(comparison, compareAttribute(name, read(event), wanted));
}

function readComparison(tokens: Tokens): Comparison {
  const comparison = tokens.acceptOneOf(COMPARISONS);
  if (comparison === undefined || comparison === '<>') throw new QueryError('expected a comparison');
  return comparison;
}

function compareAttribute(name: string, found: string, wanted: string): number {
  return name === 'SystemTime' ? Date.parse(found) - Date.parse(wanted) : compare(found, wanted);
}

function compare(found: number | string, wanted: string): number {
  if (typeof found === 'number') return found - Number(wanted);
  if (found === wanted) return 0;
  return found < wanted ? -1 : 1;
}
