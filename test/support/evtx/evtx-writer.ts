import { crc32 } from 'node:zlib';
import type { LogRecord } from '../../data/events/writers.ts';
import { CHUNK, ChunkOctets, type Node, type TypedValue } from './chunk-octets.ts';

export const FILE_HEADER = 4096;
const RECORDS = 512;
const PROVIDER = 'Microsoft-Windows-Security-SPP';
const GUID = '{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}';
const SOURCE = 'Software Protection Platform Service';
const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const QUALIFIERS = 16_384;
/** From 1601 to 1970, in units of 100 ns. */
const EPOCH = 116_444_736_000_000_000n;

const TYPE = { null: 0, string: 1, u8: 4, u16: 6, u32: 8, u64: 10, binary: 14, guid: 15, time: 17, sid: 19, hex64: 21 };
const BINXML = 0x21;
const STRINGS = 0x81;

const NONE: TypedValue = { type: TYPE.null, octets: new Uint8Array() };

/**
 * `templates`: as Windows writes. Each record with its elements and texts in it: `elements`, which say what they depend
 * on, as libevtx expects; `bare`, which do not, as MS-EVEN6 has it.
 */
export type Style = 'templates' | 'elements' | 'bare';

export interface LogOptions {
  readonly style?: Style;
  /** Bits of the file's flags: 1 is a log that Windows did not close. */
  readonly flags?: number;
  /** Chunks that the file says it has; the right number by default. */
  readonly chunks?: number;
}

/** Writes a log as Windows saves it: the records in their order, in as many chunks as they need. */
export function writeLog(records: readonly LogRecord[], options: LogOptions = {}): Buffer {
  const chunks = [...chunksOf(records, options.style ?? 'templates')];
  return Buffer.concat([
    fileHeader(options.chunks ?? chunks.length, records.length + 1, options.flags ?? 0),
    ...chunks,
  ]);
}

export function fileHeader(chunks: number, nextRecord: number, flags = 0): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.write('ElfFile\0', 'latin1');
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks - 1)), 16);
  header.writeBigUInt64LE(BigInt(nextRecord), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(FILE_HEADER, 40);
  header.writeUInt16LE(chunks & 0xffff, 42);
  header.writeUInt32LE(flags, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}

/** @yields chunks of 64 KiB */
export function* chunksOf(records: Iterable<LogRecord>, style: Style): Generator<Buffer> {
  let chunk = new ChunkOctets();
  let ids: number[] = [];
  let last = RECORDS;
  for (const record of records) {
    const start = chunk.at;
    writeRecord(chunk, record, style);
    if (chunk.at > CHUNK) {
      if (ids.length === 0) throw new Error('a record is longer than a chunk');
      chunk.bytes.fill(0, start);
      chunk.at = start;
      yield sealed(chunk, ids, last);
      chunk = new ChunkOctets();
      ids = [];
      writeRecord(chunk, record, style);
    }
    last = ids.length === 0 ? RECORDS : start;
    ids.push(record.recordId);
  }
  if (ids.length > 0) yield sealed(chunk, ids, last);
}

/** @param ids those of its records, in their order; @param last where the last one begins */
export function sealed(chunk: ChunkOctets, ids: readonly number[], last: number): Buffer {
  chunk.seal();
  const bytes = chunk.bytes.subarray(0, CHUNK);
  bytes.write('ElfChnk\0', 'latin1');
  const ends = [ids[0] ?? 0, ids.at(-1) ?? 0];
  for (const [index, id] of [...ends, ...ends].entries()) bytes.writeBigUInt64LE(BigInt(id), 8 + 8 * index);
  bytes.writeUInt32LE(128, 40);
  bytes.writeUInt32LE(last, 44);
  bytes.writeUInt32LE(chunk.at, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(RECORDS, chunk.at)), 52);
  bytes.writeUInt32LE(crc32(bytes.subarray(128, RECORDS), crc32(bytes.subarray(0, 120))), 124);
  return bytes;
}

function writeRecord(chunk: ChunkOctets, record: LogRecord, style: Style): void {
  frame(chunk, record, () => {
    chunk.fragment();
    if (style === 'templates') writeInstances(chunk, record);
    else chunk.element(plainEvent(record), style === 'elements');
  });
}

/** A record around a document. */
export function frame(chunk: ChunkOctets, record: Pick<LogRecord, 'recordId' | 'time'>, document: () => void): void {
  const start = chunk.at;
  chunk.octets(Buffer.from('**\0\0', 'latin1'));
  chunk.u32(0);
  chunk.u64(BigInt(record.recordId));
  chunk.u64(fileTime(record.time));
  document();
  chunk.u8(0x00);
  while ((chunk.at - start + 4) % 8 !== 0) chunk.u8(0x00);
  const size = chunk.at - start + 4;
  chunk.u32(size);
  chunk.bytes.writeUInt32LE(size, start + 4);
}

/** The event, and in one of its values, as a document in itself, its data. */
function writeInstances(chunk: ChunkOctets, record: LogRecord): void {
  const data = (): void => {
    const strings = Buffer.from(record.data.map((text) => `${text}\0`).join(''), 'utf16le');
    chunk.fragment();
    chunk.instance(DATA_TEMPLATE, [{ type: STRINGS, octets: strings }, NONE, NONE]);
    chunk.u8(0x00);
  };
  chunk.instance(eventTemplate(record), [...systemValues(record), { type: BINXML, octets: data }]);
}

const optional = (value: number, type: number) => ({ value, type, optional: true });

function eventTemplate({ host, channel }: LogRecord): Node {
  const one = (name: string, value: number, type: number): Node => ({ name, content: [optional(value, type)] });
  return {
    name: 'Event',
    attributes: { xmlns: NAMESPACE },
    content: [
      {
        name: 'System',
        content: [
          { name: 'Provider', attributes: { Name: PROVIDER, Guid: GUID, EventSourceName: SOURCE } },
          {
            name: 'EventID',
            attributes: { Qualifiers: optional(4, TYPE.u16) },
            content: [optional(3, TYPE.u16)],
          },
          one('Version', 11, TYPE.u8),
          one('Level', 0, TYPE.u8),
          one('Task', 2, TYPE.u16),
          one('Opcode', 1, TYPE.u8),
          one('Keywords', 5, TYPE.hex64),
          { name: 'TimeCreated', attributes: { SystemTime: optional(6, TYPE.time) } },
          one('EventRecordID', 10, TYPE.u64),
          {
            name: 'Correlation',
            attributes: { ActivityID: optional(7, TYPE.guid), RelatedActivityID: optional(18, TYPE.guid) },
          },
          {
            name: 'Execution',
            attributes: { ProcessID: optional(8, TYPE.u32), ThreadID: optional(9, TYPE.u32) },
          },
          { name: 'Channel', content: [channel] },
          { name: 'Computer', content: [host] },
          { name: 'Security', attributes: { UserID: optional(12, TYPE.sid) } },
        ],
      },
      optional(19, BINXML),
    ],
  };
}

const DATA_TEMPLATE: Node = {
  name: 'EventData',
  content: [
    { name: 'Data', content: [optional(0, STRINGS)] },
    { name: 'Binary', content: [optional(2, TYPE.binary)] },
  ],
};

function systemValues({ id, recordId, time }: LogRecord): readonly TypedValue[] {
  return [
    { type: TYPE.u8, octets: Uint8Array.of(4) },
    { type: TYPE.u8, octets: Uint8Array.of(0) },
    { type: TYPE.u16, octets: u16(0) },
    { type: TYPE.u16, octets: u16(id) },
    { type: TYPE.u16, octets: u16(QUALIFIERS) },
    { type: TYPE.hex64, octets: u64(0x80_0000_0000_0000n) },
    { type: TYPE.time, octets: u64(fileTime(time)) },
    NONE,
    { type: TYPE.u32, octets: u32(0) },
    { type: TYPE.u32, octets: u32(0) },
    { type: TYPE.u64, octets: u64(BigInt(recordId)) },
    { type: TYPE.u8, octets: Uint8Array.of(0) },
    ...Array.from({ length: 7 }, () => NONE),
  ];
}

function plainEvent({ host, channel, id, recordId, time, data }: LogRecord): Node {
  const text = (name: string, content: string): Node => ({ name, content: [content] });
  return {
    name: 'Event',
    attributes: { xmlns: NAMESPACE },
    content: [
      {
        name: 'System',
        content: [
          { name: 'Provider', attributes: { Name: PROVIDER, Guid: GUID, EventSourceName: SOURCE } },
          { name: 'EventID', attributes: { Qualifiers: String(QUALIFIERS) }, content: [String(id)] },
          { name: 'TimeCreated', attributes: { SystemTime: new Date(time).toISOString() } },
          text('EventRecordID', String(recordId)),
          text('Channel', channel),
          text('Computer', host),
          { name: 'Security' },
        ],
      },
      { name: 'EventData', content: data.map((each) => ({ name: 'Data', content: each === '' ? [] : [each] })) },
    ],
  };
}

function fileTime(ms: number): bigint {
  return BigInt(ms) * 10_000n + EPOCH;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function u32(value: number): Uint8Array {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets;
}

function u64(value: bigint): Uint8Array {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64LE(value);
  return octets;
}
