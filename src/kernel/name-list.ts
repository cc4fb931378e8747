import { fnv1a } from './fnv1a.ts';
import { firstPlace } from './partition.ts';

/** Octets of a chunk: at most, and at least unless it is the last. */
const MOST = 1 << 16;
const LEAST = 1 << 13;
/** One name in this many may begin a chunk. */
const ONE_IN = 1024;
/** Ends a name. */
const END = 10;

/** Some names in their order, and where each begins. */
interface Chunk {
  readonly octets: Buffer;
  readonly starts: Uint16Array;
}

/**
 * Sorted names, as octets: a million of them take some 30 MB. Where a chunk begins follows from the names around it alone,
 * so of a list with a few other names nearly all chunks are the same, and lists share them.
 */
export class NameList {
  readonly #chunks: Chunk[] = [];
  /** The number of the first name of each chunk. */
  readonly #firsts: number[] = [];
  /** The one that is being filled. */
  readonly #open = { octets: Buffer.alloc(MOST), used: 0, starts: new Uint16Array(MOST), count: 0 };
  readonly #known = new Map<string, Chunk>();
  length = 0;

  /** @param other its chunks are used again where they are the same */
  constructor(other?: NameList) {
    for (const chunk of other === undefined ? [] : other.#chunks) this.#known.set(nameIn(chunk, 0), chunk);
  }

  /** @param name after all that are there, by its octets; without control characters, at most some hundred octets */
  push(name: string): void {
    const open = this.#open;
    // A character of a string has three octets at most.
    const isFull = open.used + 3 * name.length >= MOST;
    if (isFull || (open.used >= LEAST && mayBegin(name))) this.#close();
    open.starts[open.count] = open.used;
    open.count += 1;
    open.used += open.octets.write(name, open.used);
    open.octets[open.used] = END;
    open.used += 1;
    this.length += 1;
  }

  /** Must be called after the last name, before any is read. */
  end(): void {
    this.#close();
    this.#known.clear();
  }

  at(index: number): string {
    const no = this.#chunkOf(index);
    const chunk = this.#chunks[no];
    return chunk === undefined ? '' : nameIn(chunk, index - (this.#firsts[no] ?? 0));
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
    if (from >= this.length) return;
    const sought = Buffer.from(part);
    const begin = this.#chunkOf(from);
    for (const [place, { octets, starts }] of this.#chunks.slice(begin).entries()) {
      const first = this.#firsts[begin + place] ?? 0;
      let offset = starts[Math.max(from - first, 0)] ?? 0;
      for (;;) {
        const found = octets.indexOf(sought, offset);
        const end = found === -1 ? -1 : octets.indexOf(END, found);
        if (end === -1) break;
        yield first + firstPlace(starts.length, (name) => (starts[name] ?? 0) > found) - 1;
        offset = end + 1;
      }
    }
  }

  #close(): void {
    const { used, count } = this.#open;
    const octets = this.#open.octets.subarray(0, used);
    const starts = this.#open.starts.subarray(0, count);
    if (count === 0) return;
    const known = this.#known.get(nameIn({ octets, starts }, 0));
    const isSame = known?.octets.equals(octets) === true;
    this.#chunks.push(isSame ? known : { octets: Buffer.from(octets), starts: starts.slice() });
    this.#firsts.push(this.length - count);
    this.#open.used = 0;
    this.#open.count = 0;
  }

  #chunkOf(index: number): number {
    return firstPlace(this.#firsts.length, (chunk) => (this.#firsts[chunk] ?? 0) > index) - 1;
  }
}

function nameIn({ octets, starts }: Chunk, place: number): string {
  const start = starts[place] ?? octets.length;
  return octets.toString('utf8', start, octets.indexOf(END, start));
}

function mayBegin(name: string): boolean {
  return (fnv1a(name) >>> 16) % ONE_IN === 0;
}
