import type { EventFields } from '../../activations/fields.ts';
import { textOf, wholeOf } from '../../activations/fields.ts';
import { bookmarkPositions } from '../../winrm/event-query.ts';
import type { ReadPlace } from './log-place.ts';
import { CHANNELS } from './log-queries.ts';

const FORWARDER = 'Microsoft-Windows-EventForwarder';
const MARKER = 111;

/**
 * Whether this is the artificial record by which a host says that it began at the end of its logs: it has no record id,
 * comes alone, and means that the host did not go by the bookmark, or by the wish for the earliest record.
 */
export function isMarker({ eventId, provider, recordId }: EventFields): boolean {
  return wholeOf(eventId) === MARKER && wholeOf(recordId) === undefined && textOf(provider) === FORWARDER;
}

/** Whether requests were logged between the last one that was read and the place where the host began. */
export function isBehind({ last }: ReadPlace, bookmark: string | undefined): boolean {
  const positions = bookmark === undefined ? undefined : bookmarkPositions(bookmark);
  const now = positions?.find(({ channel }) => channel.toLowerCase() === CHANNELS.kms.toLowerCase());
  return last.kms !== undefined && now !== undefined && now.recordId > last.kms.recordId;
}
