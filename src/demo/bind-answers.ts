import {
  CALL_ID,
  FIRST_FRAGMENT,
  HEADER_LENGTH,
  LAST_FRAGMENT,
  MAX_FRAGMENT,
  NDR,
  PTYPE,
  putSyntaxId,
} from '../probe/pdu.ts';

/** p_cont_def_result_t with p_provider_reason_t (C706 12.6.3.1). */
export interface ContextResult {
  readonly result: number;
  readonly reason: number;
}

export const ACCEPTED: ContextResult = { result: 0, reason: 0 };
/** provider_rejection, abstract_syntax_not_supported: what Windows says about an interface that it does not have. */
export const UNKNOWN_INTERFACE: ContextResult = { result: 2, reason: 1 };

/** p_reject_reason_t (C706 12.6.3.1). */
export const LOCAL_LIMIT_EXCEEDED = 2;

/** A status of MS-RPCE 3.1.1.5.5. */
export const ACCESS_DENIED = 5;

const TRANSFER_SYNTAX_LENGTH = 20;

/**
 * A bind_ack with one result, as Windows lays it out (C706 12.6.4.4): the secondary address is the port as text,
 * the results begin at a multiple of four from the start of the message, and a refusal names no transfer syntax.
 */
export function bindAck(port: number, { result, reason }: ContextResult): Uint8Array {
  const secondaryAddress = Buffer.from(`${port}\0`, 'latin1');
  const results = alignTo4(HEADER_LENGTH + 10 + secondaryAddress.length);
  const { octets, view } = message(PTYPE.bindAck, results + 8 + TRANSFER_SYNTAX_LENGTH);
  view.setUint16(16, MAX_FRAGMENT, true);
  view.setUint16(18, MAX_FRAGMENT, true);
  // assoc_group_id is a number other than 0.
  view.setUint32(20, 0x5a17, true);
  view.setUint16(24, secondaryAddress.length, true);
  octets.set(secondaryAddress, 26);
  octets[results] = 1;
  view.setUint16(results + 4, result, true);
  view.setUint16(results + 6, reason, true);
  if (result === ACCEPTED.result) putSyntaxId(octets, results + 8, NDR);
  return octets;
}

/** A bind_nak (C706 12.6.4.5) that names one protocol version, 5.0. */
export function bindNak(reason: number): Uint8Array {
  const { octets, view } = message(PTYPE.bindNak, HEADER_LENGTH + 5);
  view.setUint16(16, reason, true);
  octets.set([1, 5, 0], 18);
  return octets;
}

/** A fault (C706 12.6.4.7). */
export function fault(status: number): Uint8Array {
  const { octets, view } = message(PTYPE.fault, HEADER_LENGTH + 16);
  view.setUint32(24, status, true);
  return octets;
}

function message(type: number, length: number): { octets: Uint8Array; view: DataView } {
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  octets.set([5, 0, type, FIRST_FRAGMENT | LAST_FRAGMENT, 0x10]);
  view.setUint16(8, length, true);
  view.setUint32(12, CALL_ID, true);
  return { octets, view };
}

function alignTo4(length: number): number {
  return Math.ceil(length / 4) * 4;
}
