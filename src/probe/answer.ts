import { ByteReader, ShortInput } from '../kernel/byte-reader.ts';
import { CALL_ID, FIRST_FRAGMENT, HEADER_LENGTH, LAST_FRAGMENT, MAX_FRAGMENT, PTYPE } from './pdu.ts';

/** The answer of a peer to a bind. */
export type Answer =
  /** The verdict on our one context (C706 12.6.3.1, p_result_t). */
  | { readonly kind: 'bind_ack'; readonly result: number; readonly reason: number }
  | { readonly kind: 'bind_nak'; readonly reason: number }
  | { readonly kind: 'fault'; readonly status: number }
  /** No answer to a bind in DCE/RPC 5.0. */
  | { readonly kind: 'not_rpc'; readonly detail: string }
  /** DCE/RPC, but against its rules. */
  | { readonly kind: 'broken'; readonly detail: string };

/** The high half of the first byte of packed_drep (C706 14.1): how the sender writes integers. */
const BIG_ENDIAN = 0;
const LITTLE_ENDIAN = 1;

/**
 * Reads what has come so far, of which bytes beyond the first message are ignored.
 * The answer is the same whatever the pieces in which the bytes come.
 * @returns undefined while it could still become an answer; never throws
 */
export function readAnswer(octets: Uint8Array): Answer | undefined {
  const stranger = readStart(octets);
  if (stranger !== undefined) return { kind: 'not_rpc', detail: stranger };
  if (octets.length < HEADER_LENGTH) return undefined;
  const header = readHeader(octets);
  if (typeof header === 'string') return { kind: 'broken', detail: header };
  if (octets.length < header.length) return undefined;
  return readMessage(octets.subarray(0, header.length), header);
}

interface Header {
  readonly type: number;
  readonly littleEndian: boolean;
  /** Bytes of the whole message. */
  readonly length: number;
}

/** Judges the first three bytes, each as soon as it is there. */
function readStart(octets: Uint8Array): string | undefined {
  const [version, minor, type] = octets;
  if (version !== undefined && version !== 5) return describeStranger(octets);
  if (minor !== undefined && minor !== 0) return `DCE/RPC starts with 05 00, this starts with 05 ${hex(minor)}`;
  if (type === PTYPE.bind) return 'echoes the request';
  if (type === undefined || type === PTYPE.bindAck || type === PTYPE.bindNak || type === PTYPE.fault) return undefined;
  return `not a message that answers a bind (type ${type})`;
}

/** Names the services most often found on a wrong port; repeats no more than one byte of the answer. */
function describeStranger(octets: Uint8Array): string {
  const start = Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.length, 5)).toString('latin1');
  if (start === 'HTTP/') return 'answers with HTTP';
  if (start.startsWith('SSH-')) return 'answers with SSH';
  // TLSPlaintext of an alert (RFC 8446 5.1), which a TLS server sends when it gets something else.
  if (start.startsWith('\x15\x03')) return 'answers with a TLS alert';
  return `not DCE/RPC: the first byte is ${hex(octets[0] ?? 0)}, not 05`;
}

/** @returns the header, or which rule it breaks */
function readHeader(octets: Uint8Array): Header | string {
  const reader = new ByteReader(octets);
  reader.skip(2);
  const type = reader.u8();
  const flags = reader.u8();
  const integers = reader.u8() >> 4;
  if (integers !== BIG_ENDIAN && integers !== LITTLE_ENDIAN) return `an unknown byte order (${integers})`;
  reader.skip(3);
  reader.littleEndian = integers === LITTLE_ENDIAN;
  const length = reader.u16();
  const authLength = reader.u16();
  const callId = reader.u32();
  const whole = FIRST_FRAGMENT | LAST_FRAGMENT;
  if (length < HEADER_LENGTH) return `frag_length ${length} is shorter than the header`;
  if (length > MAX_FRAGMENT) return `frag_length ${length} is more than the ${MAX_FRAGMENT} bytes offered`;
  if ((flags & whole) !== whole) return 'an answer in several fragments';
  if (authLength !== 0) return 'authentication data in an answer to an anonymous bind';
  if (callId !== CALL_ID) return `an answer to call ${callId}, but the bind was call ${CALL_ID}`;
  return { type, littleEndian: reader.littleEndian, length };
}

function readMessage(message: Uint8Array, header: Header): Answer {
  const reader = new ByteReader(message, header.littleEndian);
  reader.skip(HEADER_LENGTH);
  try {
    if (header.type === PTYPE.bindAck) return readBindAck(reader);
    if (header.type === PTYPE.bindNak) return { kind: 'bind_nak', reason: reader.u16() };
    return readFault(reader);
  } catch (error) {
    if (!(error instanceof ShortInput)) throw error;
    return { kind: 'broken', detail: `the message ends too early: ${error.message}` };
  }
}

/** C706 12.6.4.4. */
function readBindAck(reader: ByteReader): Answer {
  // max_xmit_frag, max_recv_frag and assoc_group_id are for the calls that never follow.
  reader.skip(8);
  reader.skip(reader.u16());
  reader.align(4);
  const results = reader.u8();
  if (results !== 1) return { kind: 'broken', detail: `${results} results for one context` };
  reader.skip(3);
  const result = reader.u16();
  const reason = reader.u16();
  // The transfer syntax; which one it is was settled by the bind, which offers only one.
  reader.skip(20);
  return { kind: 'bind_ack', result, reason };
}

/** C706 12.6.4.7. */
function readFault(reader: ByteReader): Answer {
  // alloc_hint, p_cont_id, cancel_count and a reserved byte.
  reader.skip(8);
  return { kind: 'fault', status: reader.u32() };
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
