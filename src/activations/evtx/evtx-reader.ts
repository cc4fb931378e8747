import { EventCollector } from '../event-collector.ts';
import type { EventFields } from '../fields.ts';
import { BinaryXml } from './binary-xml.ts';
import { LostChunks } from './lost-chunks.ts';
import { CHUNK, type Head, headOf, isEmpty, recordsOf } from './records.ts';
import { Steps, Unreadable } from './steps.ts';

/** The first octets of a saved log. */
export const FILE_MARK = 'ElfFile\0';
const FILE_HEADER = 4096;

/** A record's fields, or why there are none: for a person, with the chunk and its place in the file. */
export type Found = { readonly fields: EventFields } | { readonly problem: string };

/** Where a head has the length of what it uses of itself, and that of itself: the same in every log. */
const HEAD_LENGTH = 32;
const USED_OF_HEAD = 128;
const HEAD_BLOCK = 40;
/** Octets of each part of a log; `start` is enough to tell the head of another one. */
const LENGTHS = { head: FILE_HEADER, start: HEAD_BLOCK + 2, chunk: CHUNK } as const;

/**
 * Reads a saved Windows event log (.evtx) out of a stream of octets, a chunk of 64 KiB at a time and no more in memory.
 * Checksums are not looked at: a log that Windows did not close has none that fit, and other tools write none. Several
 * logs that somebody joined into one file are read one after the other.
 */
export class EvtxReader {
  readonly #chunk = Buffer.alloc(CHUNK);
  #filled = 0;
  /** How many octets came before what is being filled. */
  #place = 0;
  /** What is being filled; `start`: a chunk that may turn out to be the head of another log. */
  #part: 'head' | 'start' | 'chunk' = 'head';
  /** Of the chunk that is being filled in its log, from 0. */
  #index = 0;
  readonly #take: (found: Found) => void;
  #steps = 0;
  /** Known once the head of the file is. */
  #lost: LostChunks | undefined;

  /** @param take is given what is found, in its order */
  constructor(take: (found: Found) => void) {
    this.#take = take;
  }

  /** What reading has cost so far, in steps of its work: at most a fixed number for each octet. */
  get steps(): number {
    return this.#steps;
  }

  push(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; ) {
      const wanted = LENGTHS[this.#part] - this.#filled;
      const piece = octets.subarray(at, at + wanted);
      this.#chunk.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (piece.length === wanted) this.#full();
    }
  }

  /** The stream is over: a chunk that is cut off is read as far as it is there. */
  end(): void {
    const end = this.#place + this.#filled;
    if (this.#part === 'head') {
      const head = this.#lost === undefined ? 'its header' : 'the header of a log that was joined to another';
      this.#take({ problem: `the file ends in ${head}, at byte ${end}` });
    } else if (this.#lost !== undefined) {
      this.#endLog(this.#chunk.subarray(0, this.#filled), this.#lost, `the file ends at byte ${end}`);
    }
  }

  #full(): void {
    if (this.#part === 'start') {
      if (!startsLog(this.#chunk, 0)) this.#part = 'chunk';
      else {
        if (this.#lost !== undefined) this.#endLog(this.#chunk.subarray(0, 0), this.#lost, '');
        this.#part = 'head';
      }
    } else if (this.#part === 'head') {
      this.#lost = new LostChunks(this.#chunk);
      this.#next(this.#filled, 0);
    } else if (this.#lost !== undefined) this.#fullChunk(this.#lost);
  }

  #fullChunk(lost: LostChunks): void {
    const joint = jointIn(this.#chunk);
    if (joint === undefined) {
      this.#read(this.#chunk, lost);
      this.#next(this.#filled, this.#index + 1);
      return;
    }
    const rest = Buffer.from(this.#chunk.subarray(joint));
    this.#endLog(this.#chunk.subarray(0, joint), lost, `another log begins at byte ${this.#place + joint}`);
    this.#lost = undefined;
    this.#next(joint, 0);
    this.push(rest);
  }

  #next(octets: number, index: number): void {
    this.#place += octets;
    this.#filled = 0;
    this.#index = index;
    this.#part = 'start';
  }

  /** @param end what cuts off the chunk, for people, if it is cut off */
  #endLog(octets: Buffer, lost: LostChunks, end: string): void {
    if (octets.length > 0) this.#read(octets, lost);
    const isCut = !isEmpty(octets, 0, octets.length) && (headOf(octets)?.end ?? CHUNK) > octets.length;
    // One that is cut off in a chunk is reported as that, and no more.
    const problems = isCut
      ? [`${this.#chunkName()} is cut off: ${end}`]
      : lost.atEnd(this.#index + (octets.length > 0 ? 1 : 0));
    for (const problem of problems) this.#take({ problem });
  }

  #read(octets: Buffer, lost: LostChunks): void {
    if (isEmpty(octets, 0, octets.length)) {
      lost.empty(this.#index);
      return;
    }
    const head = headOf(octets);
    const before = lost.used(head?.firstId);
    if (before !== undefined) this.#take({ problem: before });
    const steps = new Steps(octets.length);
    let lastId: bigint | undefined;
    try {
      for (const id of this.#readChunk(octets, head, steps)) lastId = id;
    } catch (error) {
      this.#problem(error, `${this.#chunkName()} cannot be read further`);
    }
    lost.ended(lastId);
    this.#steps += steps.taken;
  }

  /** @yields the ids of its records */
  *#readChunk(octets: Buffer, head: Head | undefined, steps: Steps): Generator<bigint> {
    if (head === undefined) this.#take({ problem: `the header of ${this.#chunkName()} is damaged` });
    const xml = new BinaryXml(octets, steps);
    for (const stretch of recordsOf(octets, head, steps)) {
      const place = this.#place + stretch.start;
      if (stretch.kind === 'damaged') {
        const end = this.#place + stretch.end;
        // Where the file ends in a chunk is reported once it is known.
        if (stretch.end === octets.length && octets.length < CHUNK) continue;
        this.#take({
          problem: `${this.#chunkName()} is damaged: bytes ${place} to ${end} of the file are not a record`,
        });
        continue;
      }
      yield stretch.id;
      const collector = new EventCollector();
      try {
        xml.document(...stretch.document, collector);
        this.#take({ fields: collector.fields() });
      } catch (error) {
        this.#problem(error, `record ${stretch.id} in ${this.#chunkName()}, at byte ${place}, is damaged`);
      }
    }
  }

  #problem(error: unknown, what: string): void {
    if (!(error instanceof Unreadable)) throw error;
    this.#take({ problem: `${what}: ${error.message}` });
  }

  /** Chunks are counted from 1. */
  #chunkName(): string {
    return `chunk ${1 + this.#index} (byte ${this.#place} of the file)`;
  }
}

/** Whether the head of a log is there: a record may have text that is like its mark. */
function startsLog(octets: Buffer, at: number): boolean {
  return (
    octets.toString('latin1', at, at + FILE_MARK.length) === FILE_MARK &&
    octets.readUInt32LE(at + HEAD_LENGTH) === USED_OF_HEAD &&
    octets.readUInt16LE(at + HEAD_BLOCK) === FILE_HEADER
  );
}

/** Where another log begins in a chunk, as one that is cut off and that somebody joined others to has it. */
function jointIn(chunk: Buffer): number | undefined {
  let at = chunk.indexOf(FILE_MARK, 0, 'latin1');
  while (at !== -1 && at <= CHUNK - LENGTHS.start && !startsLog(chunk, at)) {
    at = chunk.indexOf(FILE_MARK, at + 1, 'latin1');
  }
  return at === -1 || at > CHUNK - LENGTHS.start ? undefined : at;
}
