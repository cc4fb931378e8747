import { DnsFormatError } from './errors.ts';

/** RFC 1035 2.3.4, length bytes and the root's included. */
const MAX_NAME = 255;
/** As many as a name of 255 bytes can have labels: more cannot be of use. */
const MAX_JUMPS = 126;

/** A name in a message. */
export interface WireName {
  /**
   * Lower case without a trailing dot, `.` for the root. A byte that could be taken for something else
   * (a dot in a label, controls, beyond ASCII) is written as `\DDD` (RFC 1035 5.1), so that no two names look alike.
   */
  readonly text: string;
  /** Offset of the first byte behind it; behind the pointer, where it has one. */
  readonly end: number;
}

/**
 * Reads a name, its pointers followed.
 * @throws DnsFormatError when it runs out of the message, is too long, or points anywhere but backwards (RFC 9267 2, 3)
 */
export function readName(bytes: Buffer, start: number): WireName {
  const codes: number[] = [];
  let offset = start;
  // Each pointer must point before all that was read of this name so far, so no loop can form.
  let floor = start;
  let end: number | undefined;
  let length = 1;
  let jumps = 0;
  for (let size = octet(bytes, offset); size !== 0; size = octet(bytes, offset)) {
    if (size < 0x40) {
      length += size + 1;
      if (length > MAX_NAME) throw new DnsFormatError(`a name of more than ${MAX_NAME} bytes`);
      appendLabel(codes, bytes, offset + 1, size);
      offset += size + 1;
    } else {
      end ??= offset + 2;
      jumps += 1;
      offset = readPointer(bytes, offset);
      if (offset >= floor || jumps > MAX_JUMPS) throw new DnsFormatError('a name with an invalid pointer');
      floor = offset;
    }
  }
  return { text: codes.length === 0 ? '.' : String.fromCharCode(...codes), end: end ?? offset + 1 };
}

/** Octet by byte: a string for each label would make a message of one-letter labels slow to read. */
function appendLabel(codes: number[], bytes: Buffer, start: number, size: number): void {
  if (codes.length > 0) codes.push(DOT);
  for (let offset = start; offset < start + size; offset += 1) {
    const code = octet(bytes, offset);
    if (code >= UPPER_A && code <= UPPER_Z) codes.push(code + TO_LOWER);
    else if (code > 0x20 && code < 0x7f && code !== DOT && code !== BACKSLASH) codes.push(code);
    else
      codes.push(
        BACKSLASH,
        DIGIT_0 + Math.floor(code / 100),
        DIGIT_0 + (Math.floor(code / 10) % 10),
        DIGIT_0 + (code % 10),
      );
  }
}

const DOT = 0x2e;
const BACKSLASH = 0x5c;
const DIGIT_0 = 0x30;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const TO_LOWER = 0x20;

/** RFC 1035 4.1.4: two bits set, fourteen of offset. 01 and 10 were never given a lasting use (RFC 6891 5). */
function readPointer(bytes: Buffer, offset: number): number {
  const high = octet(bytes, offset);
  if (high < 0xc0) throw new DnsFormatError('a name with an unknown kind of label');
  return ((high & 0x3f) << 8) | octet(bytes, offset + 1);
}

function octet(bytes: Buffer, offset: number): number {
  const value = bytes[offset];
  if (value === undefined) throw new DnsFormatError('a name that ends beyond the message');
  return value;
}
