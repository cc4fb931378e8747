import type { Steps } from './steps.ts';

/** The length of a chunk, and that of its head. */
export const CHUNK = 65_536;
const CHUNK_HEADER = 512;
const CHUNK_MARK = 'ElfChnk\0';

/** Where the head of a chunk has the ids of its first and its last record, and the offset after that. */
const FIRST_ID = 24;
const LAST_ID = 32;
const FREE_SPACE = 48;

/** A record: a mark, its length, its id, the time at which it was written, a document, and its length again. */
const MARK = Buffer.from('**\0\0', 'latin1');
const ID = 8;
const DOCUMENT = 24;
const LENGTH_AGAIN = 4;
const SHORTEST = DOCUMENT + 1 + LENGTH_AGAIN;

/** What is found in a chunk, by offsets in it: a record, or a stretch in which there should be one. */
export type Stretch = RecordStretch | DamagedStretch;

export interface RecordStretch {
  readonly kind: 'record';
  readonly start: number;
  readonly end: number;
  /** The id in its head; that in its document is the one that counts. */
  readonly id: bigint;
  /** The stretch of its document. */
  readonly document: readonly [start: number, end: number];
}

export interface DamagedStretch {
  readonly kind: 'damaged';
  readonly start: number;
  readonly end: number;
}

/** What the head of a chunk says. */
export interface Head {
  readonly firstId: bigint;
  readonly lastId: bigint;
  /** Where its records end. */
  readonly end: number;
}

/** @returns undefined for a head that cannot be believed */
export function headOf(bytes: Buffer): Head | undefined {
  if (bytes.length < CHUNK_HEADER || bytes.toString('latin1', 0, CHUNK_MARK.length) !== CHUNK_MARK) return undefined;
  const end = bytes.readUInt32LE(FREE_SPACE);
  if (end < CHUNK_HEADER || end > CHUNK) return undefined;
  return { firstId: bytes.readBigUInt64LE(FIRST_ID), lastId: bytes.readBigUInt64LE(LAST_ID), end };
}

/**
 * Finds the records of a chunk, one behind the other. Where there is none although one should be, the next one is looked
 * for. The head of a chunk that is still in use may be behind: records with the next ids are taken beyond what it says.
 * Further on there are those that the chunk had when it was used before.
 */
export function* recordsOf(bytes: Buffer, head: Head | undefined, steps: Steps): Generator<Stretch> {
  const end = Math.min(head?.end ?? CHUNK, bytes.length);
  let dueId = head?.firstId;
  let at = CHUNK_HEADER;
  for (;;) {
    steps.take(1);
    const record = recordAt(bytes, at);
    if (at >= end && record?.id !== dueId) return;
    if (record !== undefined) {
      yield record;
      at = record.end;
      dueId = record.id + 1n;
      continue;
    }
    const next = nextRecord(bytes, at + 1, end, steps);
    // Saved logs say of an unused rest that it is used.
    const isUnused =
      next === undefined && (head === undefined || head.lastId + 1n === dueId) && isEmpty(bytes, at, end);
    if (!isUnused) yield { kind: 'damaged', start: at, end: next ?? end };
    if (next === undefined) return;
    at = next;
  }
}

function recordAt(bytes: Buffer, at: number): RecordStretch | undefined {
  if (bytes.length - at < SHORTEST || bytes.compare(MARK, 0, MARK.length, at, at + MARK.length) !== 0) return undefined;
  const length = bytes.readUInt32LE(at + MARK.length);
  if (length < SHORTEST || length > bytes.length - at) return undefined;
  const end = at + length;
  const documentEnd = end - LENGTH_AGAIN;
  if (bytes.readUInt32LE(documentEnd) !== length) return undefined;
  return { kind: 'record', start: at, end, id: bytes.readBigUInt64LE(at + ID), document: [at + DOCUMENT, documentEnd] };
}

/** @returns where the next record begins, before the end */
function nextRecord(bytes: Buffer, from: number, end: number, steps: Steps): number | undefined {
  let at = bytes.indexOf(MARK, from);
  while (at !== -1 && at < end && recordAt(bytes, at) === undefined) at = bytes.indexOf(MARK, at + 1);
  const found = at !== -1 && at < end ? at : undefined;
  steps.take(Math.max(0, (found ?? end) - from));
  return found;
}

export function isEmpty(bytes: Buffer, start: number, end: number): boolean {
  return bytes.subarray(start, end).every((octet) => octet === 0);
}
