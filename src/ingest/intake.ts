import { EventReader, type Reading } from '../activations/event-reader.ts';
import type { EventRecord } from '../activations/types.ts';
import { EventLoopYielder } from '../kernel/event-loop-yielder.ts';
import type { IngestSource } from '../store/aggregates.ts';
import type { StoreAccess } from '../store/store-types.ts';

/** However many bodies come at once, a scrape waits for one slice at most. */
const yielder = new EventLoopYielder();

/** Records that go to the store together, while the rest of the body is still being read. */
const BATCH = 4_000;
/** Octets that are parsed at a time, a few milliseconds. */
const SLICE = 128 * 1024;
/** Refusals that are listed one by one; all are counted. */
const MOST_LISTED = 1_000;

/** What became of a body, as its sender is told. */
export interface Summary {
  accepted: number;
  duplicate: number;
  ignored: number;
  rejected: { readonly index: number; readonly reason: string }[];
  rejected_count: number;
}

/** One body or file on its way into the store: read, sorted and stored in parts, while the rest is still to come. */
export class Intake {
  readonly summary: Summary = { accepted: 0, duplicate: 0, ignored: 0, rejected: [], rejected_count: 0 };
  readonly #store: StoreAccess;
  readonly #source: IngestSource;
  readonly #objection: ((record: EventRecord) => string | undefined) | undefined;
  readonly #reader = new EventReader();
  #records: EventRecord[] = [];
  #index = 0;
  /** Not yet told to the store, which counts them. */
  #unread = { ignored: 0, rejected: 0 };

  /** @param objection why a record that was understood is refused all the same; undefined takes it */
  constructor(store: StoreAccess, source: IngestSource, objection?: (record: EventRecord) => string | undefined) {
    this.#store = store;
    this.#source = source;
    this.#objection = objection;
  }

  /** There was not even something to reject. */
  get isEmpty(): boolean {
    return this.#index === 0;
  }

  /** An ignored record was understood as well. */
  get understoodAny(): boolean {
    return this.summary.accepted + this.summary.duplicate + this.summary.ignored > 0;
  }

  /** @returns why the store cannot take it, for the sender */
  async push(chunk: Buffer): Promise<string | undefined> {
    for (let start = 0; start < chunk.length; start += SLICE) {
      await yielder.yieldToEventLoop();
      this.#sort(this.#reader.push(chunk.subarray(start, start + SLICE)));
      const failure = this.#records.length >= BATCH ? await this.#flush() : undefined;
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  end(): Promise<string | undefined> {
    this.#sort(this.#reader.end());
    return this.#flush();
  }

  #sort(readings: readonly Reading[]): void {
    for (const reading of readings) {
      if (reading.ok) this.#keep(reading.value);
      else if (reading.error.kind === 'ignored') this.#unread.ignored++;
      else this.#reject(reading.error.reason);
      this.#index++;
    }
  }

  #keep(record: EventRecord): void {
    const objection = this.#objection?.(record);
    if (objection === undefined) this.#records.push(record);
    else this.#reject(objection);
  }

  #reject(reason: string): void {
    this.#unread.rejected++;
    this.summary.rejected_count++;
    if (this.summary.rejected.length < MOST_LISTED) this.summary.rejected.push({ index: this.#index, reason });
  }

  async #flush(): Promise<string | undefined> {
    const records = this.#records;
    const unread = this.#unread;
    this.#records = [];
    this.#unread = { ignored: 0, rejected: 0 };
    const stored = await this.#store.ingest(this.#source, records, unread);
    if (!stored.ok) return stored.error.text;
    this.summary.accepted += stored.value.accepted;
    this.summary.duplicate += stored.value.duplicate;
    this.summary.ignored += stored.value.ignored + unread.ignored;
    return undefined;
  }
}
