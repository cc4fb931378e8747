import { err, ok, type Result } from '../../kernel/result.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { Behaviour } from './behaviour.ts';
import { EventCursor } from './event-cursor.ts';
import type { EventLog } from './event-log.ts';
import { type ChannelQuery, readEventFilter } from './event-query.ts';
import type { FaultName } from './faults.ts';
import { readIsoDuration } from './iso-duration.ts';
import { EARLIEST_BOOKMARK, NS, PULL_DELIVERY } from './namespaces.ts';
import type { SoapRequest } from './soap-request.ts';
import { child, childText, type ReadElement } from './xml-reader.ts';

/** What a client subscribes to. */
export interface SubscribeRequest {
  readonly cursors: readonly EventCursor[];
  /** Whether it begins with event 111. */
  readonly isMarked: boolean;
  /** Milliseconds between signs of life of a subscription without events. */
  readonly heartbeat: number | undefined;
  /** Milliseconds until it ends by itself. */
  readonly expires: number;
  readonly sendsBookmarks: boolean;
  /** Rendered in the host's language, besides the data. */
  readonly isRendered: boolean;
}

const DEFAULT_EXPIRES = HOUR_MS;

export function readSubscribe(
  request: SoapRequest,
  logs: ReadonlyMap<string, EventLog>,
  { lostBookmark, marker }: Pick<Behaviour, 'lostBookmark' | 'marker'>,
): Result<SubscribeRequest, FaultName> {
  const subscribe = child(request.body, 'Subscribe', NS.eventing);
  if (subscribe === undefined) return err('schema violation');
  const delivery = child(subscribe, 'Delivery', NS.eventing);
  if (delivery?.attributes.get('Mode') !== PULL_DELIVERY) return err('delivery mode unavailable');
  const filter = readEventFilter(child(subscribe, 'Filter', NS.wsman));
  if (!filter.ok) return err('event filter refused');
  const known = filter.value.filter(({ channel }) => findLog(logs, channel) !== undefined);
  const mayIgnore = request.options.has('IgnoreChannelError');
  if (known.length === 0 || (known.length < filter.value.length && !mayIgnore)) return err('channel not found');
  const start = startOf(subscribe, request);
  const isPassedOver = marker === 'always' || (marker === 'for bookmarks' && start instanceof Map);
  const cursors = cursorsAt(known, logs, isPassedOver ? 'now' : start, lostBookmark);
  if (!cursors.ok) return cursors;
  return ok({
    cursors: cursors.value,
    isMarked: isPassedOver,
    heartbeat: readIsoDuration(childText(delivery, 'Heartbeats', NS.wsman)),
    expires: readIsoDuration(childText(subscribe, 'Expires', NS.eventing)) ?? DEFAULT_EXPIRES,
    sendsBookmarks: child(subscribe, 'SendBookmarks', NS.wsman) !== undefined,
    isRendered: request.options.get('ContentFormat') !== 'Raw',
  });
}

/** From the oldest record, from now on, or after the records that a bookmark names. */
type Start = 'oldest' | 'now' | ReadonlyMap<string, number> | undefined;

/** Undefined: the bookmark cannot be read. */
function startOf(subscribe: ReadElement, { options }: SoapRequest): Start {
  const bookmark = child(subscribe, 'Bookmark', NS.wsman);
  if (bookmark === undefined) return options.get('ReadExistingEvents') === 'true' ? 'oldest' : 'now';
  if (bookmark.text.trim() === EARLIEST_BOOKMARK) return 'oldest';
  // Microsoft's own traffic has the list without a prefix inside the bookmark: its namespace is not looked at.
  const list = child(bookmark, 'BookmarkList');
  if (list === undefined) return undefined;
  const positions = new Map<string, number>();
  for (const { attributes } of list.children) {
    const recordId = attributes.get('RecordId') ?? '';
    if (!/^\d{1,15}$/.test(recordId)) return undefined;
    positions.set((attributes.get('Channel') ?? '').toLowerCase(), Number(recordId));
  }
  return positions;
}

function cursorsAt(
  queries: readonly ChannelQuery[],
  logs: ReadonlyMap<string, EventLog>,
  start: Start,
  lostBookmark: 'nearest' | 'oldest' | 'fault',
): Result<readonly EventCursor[], FaultName> {
  if (start === undefined) return err('invalid bookmark');
  const cursors: EventCursor[] = [];
  for (const query of queries) {
    const log = findLog(logs, query.channel);
    if (log === undefined) continue;
    const position = positionIn(log, start, lostBookmark);
    if (position === undefined) return err('invalid bookmark');
    cursors.push(new EventCursor(log, query, position));
  }
  return ok(cursors);
}

/** A channel that the bookmark does not name is read from its oldest record. */
function positionIn(
  log: EventLog,
  start: Exclude<Start, undefined>,
  lostBookmark: 'nearest' | 'oldest' | 'fault',
): number | undefined {
  if (start === 'now') return log.newest;
  const named = start === 'oldest' ? undefined : start.get(log.channel.toLowerCase());
  if (named === undefined || named === 0) return 0;
  if (log.has(named) || lostBookmark === 'nearest') return named;
  return lostBookmark === 'oldest' ? 0 : undefined;
}

/** Names of channels are in any case. */
function findLog(logs: ReadonlyMap<string, EventLog>, channel: string): EventLog | undefined {
  for (const [name, log] of logs) if (name.toLowerCase() === channel.toLowerCase()) return log;
  return undefined;
}
