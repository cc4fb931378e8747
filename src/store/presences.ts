import { addContact, type Presence } from '../leases/presence.ts';
import type { Pool } from '../leases/types.ts';
import type { StoredRequest } from './records.ts';

/** The presence of one client at a host and pool, none when it never had contact there. @param requests all of its own, in order */
export function* presencesAt(requests: readonly StoredRequest[], hostNo: number, pool: Pool): Iterable<Presence> {
  let presence: Presence = [];
  for (const request of requests) {
    if (request.hresult === 0 && request.hostNo === hostNo && request.pool === pool) {
      presence = addContact(presence, request.time).presence;
    }
  }
  if (presence.length > 0) yield presence;
}
