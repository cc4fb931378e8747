import { EventCollector } from '../event-collector.ts';
import type { EventFields } from '../fields.ts';
import { BinaryXml } from './binary-xml.ts';
import { CHUNK, headOf, isEmpty, recordsOf } from './records.ts';
import { Steps, Unreadable } from './steps.ts';

/** The first octets of a saved log. */
export const FILE_MARK = 'ElfFile\0';
/** What stands in the file's head (how many chunks, the next record) is behind in a log that Windows did not close. */
const FILE_HEADER = 4096;

/** A record's fields, or why there are none: for a person, with the chunk and its place in the file. */
export type Found = { readonly fields: EventFields } | { readonly problem: string };

/**
 * Reads a saved Windows event log (.evtx) out of a stream of octets, a chunk of 64 KiB at a time and no more in memory.
 * Checksums are not looked at: a log that Windows did not close has none that fit, and other tools write none.
 */
export class EvtxReader {
  readonly #chunk = Buffer.alloc(CHUNK);
  #filled = 0;
  /** How many octets came before the chunk that is being filled. */
  #place = 0;
  readonly #take: (found: Found) => void;
  #steps = 0;

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
      const wanted = (this.#place === 0 ? FILE_HEADER : CHUNK) - this.#filled;
      const piece = octets.subarray(at, at + wanted);
      this.#chunk.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (piece.length === wanted) this.#full();
    }
  }

  /** The stream is over: a chunk that is cut off is read as far as it is there. */
  end(): void {
    const octets = this.#chunk.subarray(0, this.#filled);
    const end = this.#place + this.#filled;
    if (this.#place === 0) this.#take({ problem: `the file ends in its header, at byte ${end}` });
    if (this.#place === 0 || isEmpty(octets, 0, octets.length)) return;
    this.#read(octets);
    const isWhole = (headOf(octets)?.end ?? CHUNK) <= octets.length;
    if (!isWhole) this.#take({ problem: `${this.#chunkName()} is cut off: the file ends at byte ${end}` });
  }

  #full(): void {
    if (this.#place > 0) this.#read(this.#chunk);
    this.#place += this.#filled;
    this.#filled = 0;
  }

  #read(octets: Buffer): void {
    if (isEmpty(octets, 0, octets.length)) return;
    const steps = new Steps(octets.length);
    try {
      this.#readChunk(octets, steps);
    } catch (error) {
      this.#problem(error, `${this.#chunkName()} cannot be read further`);
    }
    this.#steps += steps.taken;
  }

  #readChunk(octets: Buffer, steps: Steps): void {
    const head = headOf(octets);
    if (head === undefined) this.#take({ problem: `the header of ${this.#chunkName()} is damaged` });
    const xml = new BinaryXml(octets, steps);
    for (const stretch of recordsOf(octets, head, steps)) {
      const place = this.#place + stretch.start;
      if (stretch.kind === 'damaged') {
        const end = this.#place + stretch.end;
        // Where the file ends in a chunk is told once it is known.
        if (stretch.end === octets.length && octets.length < CHUNK) continue;
        this.#take({
          problem: `${this.#chunkName()} is damaged: bytes ${place} to ${end} of the file are not a record`,
        });
        continue;
      }
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
    return `chunk ${1 + (this.#place - FILE_HEADER) / CHUNK} (byte ${this.#place} of the file)`;
  }
}
