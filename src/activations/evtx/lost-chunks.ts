/** Where the head of a file has the number of its chunks, and its flags. libevtx, "Windows XML Event Log (EVTX)". */
const CHUNK_COUNT = 42;
const FLAGS = 120;
/** Windows has the log open, or did not close it: the head may be behind what follows. */
const DIRTY = 1;

/** Chunks in a row without one octet in them. */
interface EmptyRun {
  /** Its first chunk, from 0. */
  readonly first: number;
  /** The first chunk behind it. */
  readonly end: number;
}

/**
 * Finds chunks that a log should have and that the file does not: empty ones in the middle of it, and those that are
 * missing at its end. Behind its last chunk a log may have unused ones, as Windows makes room for many at once.
 */
export class LostChunks {
  /** Chunks that the head of the file tells of: all of them if Windows closed the log, else that many or more. */
  readonly #told: number;
  readonly #isClosed: boolean;
  #empty: EmptyRun | undefined;
  #lastId: bigint | undefined;

  /** @param head that of the file, whole */
  constructor(head: Buffer) {
    this.#told = head.readUInt16LE(CHUNK_COUNT);
    this.#isClosed = (head.readUInt32LE(FLAGS) & DIRTY) === 0;
  }

  /** @param index of the chunk, from 0 */
  empty(index: number): void {
    this.#empty = { first: this.#empty?.first ?? index, end: index + 1 };
  }

  /**
   * A chunk with something in it.
   * @param firstId the id of its first record; undefined if its head is damaged
   * @returns the empty chunks in front of it that had records; undefined if there are none
   */
  used(firstId: bigint | undefined): string | undefined {
    const run = this.#empty;
    this.#empty = undefined;
    if (run === undefined || (this.#isClosed && run.first >= this.#told)) return undefined;
    const due = this.#lastId === undefined ? undefined : this.#lastId + 1n;
    if (due !== undefined && due === firstId) return undefined;
    const isGap = due !== undefined && firstId !== undefined && due < firstId;
    const last = isGap ? firstId - 1n : undefined;
    const lost = last === undefined ? 'although others follow' : `and ${records(due ?? last, last)} missing`;
    return `${named(run)} empty, ${lost}`;
  }

  /** @param lastId the id of the last record of the chunk; undefined if it has none */
  ended(lastId: bigint | undefined): void {
    this.#lastId = lastId;
  }

  /** The file is over. @param count of its chunks, the last one whole or not @returns what is missing, a text for each */
  atEnd(count: number): readonly string[] {
    const told = this.#told;
    const texts: string[] = [];
    if (this.#empty !== undefined && this.#isClosed && this.#empty.first < told) {
      const run = { first: this.#empty.first, end: Math.min(this.#empty.end, told) };
      texts.push(
        `${named(run)} empty, although the header of the file counts ${run.end - run.first === 1 ? 'it' : 'them'}`,
      );
    }
    if (count < told) {
      const chunks = told === 1 ? '1 chunk' : `${told} chunks`;
      texts.push(`the file is cut off: its header tells of ${chunks}, and it has ${count === 0 ? 'none' : count}`);
    }
    return texts;
  }
}

/** Chunks are counted from 1. */
function named({ first, end }: EmptyRun): string {
  return end - first === 1 ? `chunk ${end} is` : `chunks ${first + 1} to ${end} are`;
}

function records(first: bigint, last: bigint): string {
  return first === last ? `record ${first} is` : `records ${first} to ${last} are`;
}
