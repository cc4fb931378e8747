import { EvtxReader } from '../../../src/activations/evtx/evtx-reader.ts';
import { readEvent } from '../../../src/activations/read-event.ts';
import type { LogRecord } from '../../data/events/writers.ts';
import { ChunkOctets } from './chunk-octets.ts';
import { FILE_HEADER, fileHeader, frame, type Style, writeLog } from './evtx-writer.ts';

const CLIENT = '930bd202-a335-4c7e-bd9d-7305361f0d37';
const RECORDS = 5;
const CHUNK_HEADER = 512;
/** Numbers that lengths, counts and offsets are set to. */
const NUMBERS = [0, 1, 2, 3, 7, 0x7f, 0xff, 0x100, 0x1ff, 0x200, 0x7fff, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff];
/** Tokens and types. */
const OCTETS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x21, 0x41, 0x46, 0x80, 0x81, 0x93, 0xff];
/** Types with values, all those that there are. */
const TYPES = [...Array.from({ length: 0x16 }, (_, type) => type), 0x20, 0x23];

export interface FuzzResult {
  readonly runs: number;
  /** Records that were read; records and chunks that were not. */
  readonly read: number;
  readonly refused: number;
  /** The most steps that an octet has cost. */
  readonly mostSteps: number;
}

/**
 * Reads chunks that a few changes were made to, each time others: in their heads, in the heads of records, in templates,
 * names and values.
 * @throws whatever the reader throws, with the run that made it do so
 */
export function fuzz(runs: number, seed: number): FuzzResult {
  const random = xorshift(seed);
  const logs = seeds();
  const result = { runs: 0, read: 0, refused: 0, mostSteps: 0 };
  for (; result.runs < runs; result.runs++) {
    const log = Buffer.from(logs[random(logs.length)] ?? Buffer.alloc(0));
    for (let changes = 1 + random(6); changes > 0; changes--) change(log, random);
    try {
      read(log, result);
    } catch (error) {
      throw new Error(`run ${result.runs} of seed ${seed}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return result;
}

function read(log: Buffer, result: { read: number; refused: number; mostSteps: number }): void {
  const reader = new EvtxReader((found) => {
    if ('fields' in found && readEvent(found.fields).ok) result.read++;
    else result.refused++;
  });
  reader.push(log);
  reader.end();
  result.mostSteps = Math.max(result.mostSteps, reader.steps / (log.length - FILE_HEADER));
}

/** Short chunks, as of a file that is cut off behind their records: the same rules, and far more of them in a second. */
function seeds(): readonly Buffer[] {
  const records = Array.from({ length: RECORDS }, (_, index) => record(index + 1));
  const styles: readonly Style[] = ['templates', 'elements', 'bare'];
  return [...styles.map((style) => writeLog(records, { style })), everyType()].map(trimmed);
}

function trimmed(log: Buffer): Buffer {
  return log.subarray(0, FILE_HEADER + log.readUInt32LE(FILE_HEADER + 48));
}

function record(recordId: number): LogRecord {
  const data = ['', '0x0', '25', `wks${recordId}`, CLIENT, '2026/5/4 10:11', '0', '1', '249120', CLIENT];
  return { host: 'kms01', channel: 'Key Management Service', id: 12290, recordId, time: 1.7e12, data };
}

/** Values of every type, and lists of them, in elements whose text is wanted. */
function everyType(): Buffer {
  const chunk = new ChunkOctets();
  const types = [...TYPES, ...TYPES.slice(1).map((type) => type | 0x80)];
  const values = types.map((type) => ({ type, octets: Uint8Array.of(...new Uint8Array(15), 1) }));
  const content = types.map((type, value) => ({ name: 'Data', content: [{ value, type, optional: value % 2 === 0 }] }));
  for (let recordId = 1; recordId <= RECORDS; recordId++) {
    frame(chunk, { recordId, time: 0 }, () => chunk.instance({ name: 'EventData', content }, values));
  }
  chunk.bytes.write('ElfChnk\0', 'latin1');
  chunk.bytes.writeUInt32LE(chunk.at, 48);
  return Buffer.concat([fileHeader(1, RECORDS + 1), chunk.bytes.subarray(0, chunk.at)]);
}

function change(log: Buffer, random: (below: number) => number): void {
  // Mostly in the records: the head of a chunk is little of it.
  const from = random(8) === 0 ? FILE_HEADER : FILE_HEADER + CHUNK_HEADER;
  const at = from + random(log.length - from - 4);
  const length = 1 + random(40);
  switch (random(6)) {
    case 0:
      log[at] = random(256);
      break;
    case 1:
      log[at] = OCTETS[random(OCTETS.length)] ?? 0;
      break;
    case 2:
      log.writeUInt32LE(NUMBERS[random(NUMBERS.length)] ?? 0, at);
      break;
    case 3:
      log.writeUInt32LE(random(log.length - FILE_HEADER), at);
      break;
    case 4:
      {
        const source = from + random(log.length - from);
        log.copyWithin(at, source, source + length);
      }
      break;
    default:
      log.fill(0, at, Math.min(log.length, at + length));
  }
}

/** Marsaglia's: the same in every run. @returns whole numbers from 0 up, below what is asked */
function xorshift(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
