import { err, ok, type Result } from '../../kernel/result.ts';
import type { StoredEvent } from './event-log.ts';
import { readEventXpath } from './event-xpath.ts';
import { EVENT_QUERY_DIALECT } from './namespaces.ts';
import type { Predicate } from './predicate.ts';
import { type ReadElement, readXml } from './xml-reader.ts';

/** What a subscription reads of one channel. */
export interface ChannelQuery {
  readonly channel: string;
  readonly matches: Predicate<StoredEvent>;
}

/** Windows takes 256 of them in one list. */
const MAX_SELECTS = 256;

/** The queries of a subscription's filter: a QueryList as XML inside it, or escaped as its text. One for each channel. */
export function readEventFilter(filter: ReadElement | undefined): Result<readonly ChannelQuery[], string> {
  if (filter === undefined) return err('it has no filter');
  const dialect = filter.attributes.get('Dialect');
  if (dialect !== undefined && dialect !== EVENT_QUERY_DIALECT) return err('its dialect is unknown');
  const embedded = filter.children[0];
  if (embedded !== undefined) return readQueryList(embedded);
  const read = readXml(filter.text.trim());
  return read.ok ? readQueryList(read.value) : read;
}

function readQueryList(list: ReadElement): Result<readonly ChannelQuery[], string> {
  if (list.name !== 'QueryList') return err('it is no QueryList');
  const channels = new Map<string, Parts>();
  const parts = list.children.flatMap((query) => query.children.map((part) => ({ query, part })));
  if (parts.length === 0 || parts.length > MAX_SELECTS) return err('it selects nothing, or too much');
  for (const { query, part } of parts) {
    const problem = addPart(part, part.attributes.get('Path') ?? query.attributes.get('Path'), channels);
    if (problem !== undefined) return err(problem);
  }
  return ok(
    [...channels].map(([channel, { Select, Suppress }]) => ({
      channel,
      matches: (event) => Select.some((each) => each(event)) && !Suppress.some((each) => each(event)),
    })),
  );
}

/** By the name of their element. */
type Parts = Readonly<Record<'Select' | 'Suppress', Predicate<StoredEvent>[]>>;

/** @returns what is wrong with it */
function addPart(part: ReadElement, channel: string | undefined, to: Map<string, Parts>): string | undefined {
  if (part.name !== 'Select' && part.name !== 'Suppress') return `${part.name} is unknown`;
  if (channel === undefined) return 'a query has no path';
  const matches = readEventXpath(part.text.trim());
  if (!matches.ok) return matches.error;
  const parts = to.get(channel) ?? { Select: [], Suppress: [] };
  to.set(channel, parts);
  parts[part.name].push(matches.value);
  return undefined;
}
