import { connect } from 'node:net';
import { MAX_MESSAGE } from './constants.ts';
import { failed, type Leg, type LegResult, race } from './leg.ts';
import { lookupFailure } from './network-failure.ts';
import { readReply } from './query.ts';

/** RFC 1035 4.2.2. */
const LENGTH_OCTETS = 2;

/**
 * Asks once over TCP. The first whole message decides: nobody but the server could have put it there.
 * The answer may come in any pieces.
 */
export function askOverTcp(leg: Leg): Promise<LegResult> {
  return race(leg, (finish) => {
    const socket = connect({ host: leg.address, port: leg.port, noDelay: true });
    const frame = frameReader();
    socket.on('error', (error) => finish(lookupFailure(error, 'TCP', leg)));
    socket.on('close', () =>
      finish(failed('network', 'the server closed the TCP connection before the end of its answer')),
    );
    socket.on('connect', () => socket.write(framed(leg.packet)));
    socket.on('data', (chunk) => {
      const read = frame(chunk);
      if (read === 'too long') finish(failed('malformed', `the answer over TCP has more than ${MAX_MESSAGE} bytes`));
      else if (read !== undefined) finish(resultOf(leg, read));
    });
    return () => socket.destroy();
  });
}

function framed(packet: Buffer): Buffer {
  const frame = Buffer.alloc(LENGTH_OCTETS + packet.length);
  frame.writeUInt16BE(packet.length);
  packet.copy(frame, LENGTH_OCTETS);
  return frame;
}

/**
 * Puts a message together from its pieces, each of which is copied once.
 * @returns a function that takes a piece and gives the message when it is whole
 */
function frameReader(): (chunk: Buffer) => Buffer | 'too long' | undefined {
  const prefix = Buffer.alloc(LENGTH_OCTETS);
  let body: Buffer | undefined;
  let filled = 0;
  return (chunk) => {
    let rest = chunk;
    if (body === undefined) {
      const taken = rest.copy(prefix, filled);
      filled += taken;
      if (filled < LENGTH_OCTETS) return undefined;
      const length = prefix.readUInt16BE();
      if (length > MAX_MESSAGE) return 'too long';
      body = Buffer.alloc(length);
      filled = 0;
      rest = rest.subarray(taken);
    }
    filled += rest.copy(body, filled);
    return filled === body.length ? body : undefined;
  };
}

function resultOf(leg: Leg, bytes: Buffer): LegResult {
  const reply = readReply(bytes, leg.query);
  switch (reply.kind) {
    case 'answer':
      return reply;
    case 'truncated':
      return failed('other', 'the server truncates its answer even over TCP');
    default:
      leg.ignored[reply.kind] += 1;
      return failed(reply.kind, `over TCP, ${reply.detail}`);
  }
}
