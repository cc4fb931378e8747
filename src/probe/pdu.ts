/**
 * The one message that this program sends to a KMS host: a bind (C706 12.6.4.3, MS-RPCE 2.2.2).
 * A bind asks whether an interface is there. What would follow it, a call, is never written here.
 */

/** An interface or a transfer syntax with its version (C706 12.6.3.1, p_syntax_id_t). */
export interface SyntaxId {
  /** 16 bytes as a little-endian sender writes them. */
  readonly uuid: Uint8Array;
  readonly major: number;
  readonly minor: number;
}

/** PTYPE of the messages that belong to a bind (C706 12.6.4, MS-RPCE 2.2.2.1). */
export const PTYPE = { fault: 3, bind: 11, bindAck: 12, bindNak: 13 } as const;

/** pfc_flags (C706 12.6.3.1): a bind and each of its answers are one fragment, the first and the last. */
export const FIRST_FRAGMENT = 0x01;
export const LAST_FRAGMENT = 0x02;

/** Bytes of the header that all messages share (C706 12.6.3.1). */
export const HEADER_LENGTH = 16;

/** Bytes of the longest fragment that the bind says it takes (max_recv_frag, C706 12.6.4.3); Windows says the same. */
export const MAX_FRAGMENT = 5840;

/** Each connection carries one bind only, so that one number will do for all. */
export const CALL_ID = 1;

/** The interface of the Key Management Service. */
export const KMS_INTERFACE: SyntaxId = syntaxId('51c82175-844e-4750-b0d8-ec255555bc06', 1);

/** Transfer syntax that each RPC server knows (C706 14, NDR version 2.0). */
export const NDR: SyntaxId = syntaxId('8a885d04-1ceb-11c9-9fe8-08002b104860', 2);

/** The other one that Windows knows (MS-RPCE 2.2.5). */
export const NDR64: SyntaxId = syntaxId('71710533-beba-4937-8319-b5dbef9ccc36', 1);

const SYNTAX_LENGTH = 20;
const CONTEXT_OFFSET = 28;
const BIND_LENGTH = CONTEXT_OFFSET + 4 + 2 * SYNTAX_LENGTH;

/** An anonymous bind of one interface with one transfer syntax: 72 bytes, little-endian. */
export function encodeBind(abstractSyntax: SyntaxId, transferSyntax: SyntaxId): Uint8Array {
  const octets = new Uint8Array(BIND_LENGTH);
  const view = new DataView(octets.buffer);
  octets.set([5, 0, PTYPE.bind, FIRST_FRAGMENT | LAST_FRAGMENT, 0x10]);
  view.setUint16(8, BIND_LENGTH, true);
  view.setUint32(12, CALL_ID, true);
  view.setUint16(16, MAX_FRAGMENT, true);
  view.setUint16(18, MAX_FRAGMENT, true);
  // One context with the id 0 and one transfer syntax; the association group stays 0: a new one.
  octets[24] = 1;
  octets[CONTEXT_OFFSET + 2] = 1;
  putSyntaxId(octets, CONTEXT_OFFSET + 4, abstractSyntax);
  putSyntaxId(octets, CONTEXT_OFFSET + 4 + SYNTAX_LENGTH, transferSyntax);
  return octets;
}

/** Writes the 20 bytes of a syntax, little-endian. */
export function putSyntaxId(octets: Uint8Array, offset: number, syntax: SyntaxId): void {
  octets.set(syntax.uuid, offset);
  const view = new DataView(octets.buffer, octets.byteOffset);
  view.setUint16(offset + 16, syntax.major, true);
  view.setUint16(offset + 18, syntax.minor, true);
}

/** A syntax from the text of its UUID; the first three fields are integers and so are swapped (C706 appendix A). */
export function syntaxId(uuid: string, major: number, minor = 0): SyntaxId {
  const octets = new Uint8Array(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
  octets.subarray(0, 4).reverse();
  octets.subarray(4, 6).reverse();
  octets.subarray(6, 8).reverse();
  return { uuid: octets, major, minor };
}
