import { ByteReader, ShortInput } from '../kernel/byte-reader.ts';
import { TYPE } from './constants.ts';
import { DnsFormatError } from './errors.ts';
import { readName } from './name-reader.ts';

/** Of all sections together. A message of `MAX_MESSAGE` bytes has room for some 400 SRV records. */
const MAX_RECORDS = 1024;
export const HEADER_LENGTH = 12;
/** RFC 2181 8: a TTL has 31 bits; one with the 32nd set counts as 0. */
const TTL_LIMIT = 2 ** 31;

/** RFC 1035 4.1.1. */
export interface Header {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionAvailable: boolean;
  /** Without the upper bits of EDNS0. */
  readonly rcode: number;
  readonly questions: number;
  readonly answers: number;
  readonly authorities: number;
  readonly additionals: number;
}

export interface WireQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

/** A record whose bounds are known to be good, its data not yet looked at. */
export interface WireRecord {
  /** In the form of `WireName.text`. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Seconds, 0 to 2^31 - 1. Of an OPT record: its flags. */
  readonly ttl: number;
  /** Offset of the first byte of the data. */
  readonly start: number;
  /** Offset of the first byte behind it. */
  readonly end: number;
}

export interface Message {
  readonly bytes: Buffer;
  readonly header: Header;
  /** With the upper bits that EDNS0 adds (RFC 6891 6.1.3). */
  readonly rcode: number;
  readonly answers: readonly WireRecord[];
  readonly authorities: readonly WireRecord[];
  readonly additionals: readonly WireRecord[];
}

/** The header alone: what a cut message still has. */
export function readHeader(bytes: Buffer): Header {
  return guard(() => {
    const reader = new ByteReader(bytes);
    const id = reader.u16();
    const flags = reader.u16();
    return {
      id,
      response: (flags & 0x8000) !== 0,
      opcode: (flags >> 11) & 0xf,
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursionAvailable: (flags & 0x0080) !== 0,
      rcode: flags & 0xf,
      questions: reader.u16(),
      answers: reader.u16(),
      authorities: reader.u16(),
      additionals: reader.u16(),
    };
  });
}

/** The only question of a message. */
export function readQuestion(bytes: Buffer): WireQuestion & { readonly end: number } {
  return guard(() => {
    const name = readName(bytes, HEADER_LENGTH);
    const reader = new ByteReader(bytes.subarray(name.end));
    return { name: name.text, type: reader.u16(), class: reader.u16(), end: name.end + 4 };
  });
}

/**
 * Walks all records of a message from `start`, the first byte behind its question. Bytes behind the last record are
 * let pass, as every resolver does.
 * @throws DnsFormatError
 */
export function readMessage(bytes: Buffer, header: Header, start: number): Message {
  const { answers, authorities, additionals } = header;
  // The counts are the sender's claim: nothing is sized by them, and a claim that cannot be true is not walked.
  if (answers + authorities + additionals > MAX_RECORDS) throw new DnsFormatError(`more than ${MAX_RECORDS} records`);
  return guard(() => {
    const reader = new ByteReader(bytes);
    reader.skip(start);
    const message = {
      bytes,
      header,
      answers: readRecords(bytes, reader, answers),
      authorities: readRecords(bytes, reader, authorities),
      additionals: readRecords(bytes, reader, additionals),
    };
    return { ...message, rcode: fullRcode(header, message.additionals) };
  });
}

function readRecords(bytes: Buffer, reader: ByteReader, count: number): WireRecord[] {
  const records: WireRecord[] = [];
  for (let left = count; left > 0; left -= 1) records.push(readRecord(bytes, reader));
  return records;
}

function readRecord(bytes: Buffer, reader: ByteReader): WireRecord {
  const name = readName(bytes, reader.offset);
  reader.skip(name.end - reader.offset);
  const type = reader.u16();
  const recordClass = reader.u16();
  const ttl = reader.u32();
  const length = reader.u16();
  const start = reader.offset;
  reader.skip(length);
  const seconds = type !== TYPE.OPT && ttl >= TTL_LIMIT ? 0 : ttl;
  return { name: name.text, type, class: recordClass, ttl: seconds, start, end: start + length };
}

function fullRcode(header: Header, additionals: readonly WireRecord[]): number {
  const opt = additionals.find((record) => record.type === TYPE.OPT);
  return opt === undefined ? header.rcode : ((opt.ttl >>> 24) << 4) | header.rcode;
}

function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShortInput) throw new DnsFormatError(`the message is cut off: ${error.message}`);
    throw error;
  }
}
