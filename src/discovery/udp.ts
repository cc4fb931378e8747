import { createSocket } from 'node:dgram';
import { isIPv6 } from '../kernel/is-ipv6.ts';
import { MAX_MESSAGE } from './constants.ts';
import { type Leg, type LegResult, race } from './leg.ts';
import { lookupFailure } from './network-failure.ts';
import { readReply } from './query.ts';

/**
 * Asks once over UDP. The socket is new, so that its port cannot be guessed (RFC 5452 4.5), and connected, so that the
 * kernel drops what comes from elsewhere and tells of a refusal. Packets that are not the answer are counted and passed
 * over until the wait ends: failing on them would let anyone who can send a packet spoil a lookup.
 */
export function askOverUdp(leg: Leg): Promise<LegResult> {
  return race(leg, (finish) => {
    const family = isIPv6(leg.address) ? 6 : 4;
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // Addresses need no looking up; the default would ask for it all the same.
      lookup: (address, _options, callback) => callback(null, address, family),
    });
    let isClosed = false;
    const fail = (error: Error): void => finish(lookupFailure(error, 'UDP', leg));
    socket.on('error', fail);
    socket.on('message', (bytes) => {
      const result = resultOf(leg, bytes);
      if (result !== undefined) finish(result);
    });
    socket.connect(leg.port, leg.address, (error?: Error) => {
      // Node calls it a moment after it has connected, and still does when the leg was cut short in that moment.
      if (isClosed) return;
      if (error !== undefined) fail(error);
      else socket.send(leg.packet, (sendError) => sendError !== null && fail(sendError));
    });
    return () => {
      isClosed = true;
      socket.close();
    };
  });
}

function resultOf(leg: Leg, bytes: Buffer): LegResult | undefined {
  const reply =
    bytes.length > MAX_MESSAGE ? ({ kind: 'malformed', detail: 'too long' } as const) : readReply(bytes, leg.query);
  if (reply.kind === 'answer' || reply.kind === 'truncated') return reply;
  leg.ignored[reply.kind] += 1;
  return undefined;
}
