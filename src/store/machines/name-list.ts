import { u32 } from '../../kernel/numbers.ts';
import { firstPlace } from '../../kernel/partition.ts';

const CHUNK = 1 << 20;
/** Ends a name. */
const END = 10;

/** Sorted names, as octets: a million of them take some 30 MB. */
export class NameList {
  readonly #chunks: Buffer[] = [];
  readonly #starts = u32();
  #used = CHUNK;
  length = 0;

  /** Makes room for so many. */
  reserve(length: number): void {
    this.#starts.reserve(length);
  }

  /** @param name after all that are there, by its octets; without control characters, at most some hundred octets */
  push(name: string): void {
    const octets = Buffer.from(`${name}\n`);
    if (this.#used + octets.length > CHUNK) {
      this.#chunks.push(Buffer.alloc(CHUNK));
      this.#used = 0;
    }
    this.#chunks.at(-1)?.set(octets, this.#used);
    this.#starts.put(this.length, (this.#chunks.length - 1) * CHUNK + this.#used);
    this.#used += octets.length;
    this.length += 1;
  }

  at(index: number): string {
    const start = this.#starts.get(index);
    const chunk = this.#chunks[Math.floor(start / CHUNK)];
    const from = start % CHUNK;
    return chunk?.toString('utf8', from, chunk.indexOf(END, from)) ?? '';
  }

  /** The first that is not before a name: `length` if there is none. */
  lowerBound(name: string): number {
    const sought = Buffer.from(name);
    return firstPlace(this.length, (place) => Buffer.compare(Buffer.from(this.at(place)), sought) >= 0);
  }

  /** @returns -1 if it is not there */
  indexOf(name: string): number {
    const index = this.lowerBound(name);
    return index < this.length && this.at(index) === name ? index : -1;
  }

  /** Those that have a text in them, from one on, in their order. @yields their numbers */
  *search(part: string, from = 0): Iterable<number> {
    const sought = Buffer.from(part);
    const first = this.#starts.get(from);
    for (let at = Math.floor(first / CHUNK); at < this.#chunks.length && from < this.length; at++) {
      const chunk = this.#chunks[at] ?? Buffer.alloc(0);
      let offset = at === Math.floor(first / CHUNK) ? first % CHUNK : 0;
      for (;;) {
        const found = chunk.indexOf(sought, offset);
        const end = found === -1 ? -1 : chunk.indexOf(END, found);
        if (end === -1) break;
        yield this.#indexAt(at * CHUNK + found);
        offset = end + 1;
      }
    }
  }

  /** The name that an octet is of. */
  #indexAt(octet: number): number {
    return firstPlace(this.length, (place) => this.#starts.get(place) > octet) - 1;
  }
}
