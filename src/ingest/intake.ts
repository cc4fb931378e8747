import { EventReader, type Reading } from '../activations/event-reader.ts';
import { DAMAGED_LOG, EMPTY_FILE, NO_RECORD } from '../activations/refusals/refused-form.ts';
import type { EventRecord, Unusable } from '../activations/types.ts';
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

/**
 * How many unreadable records may come before a sender is stopped: some tenths of a second of work,
 * and many times what a shipper sends at once. A file is read to its end.
 */
const MOST_UNREADABLE = 100_000;

/** White space, and a byte-order mark of any encoding. */
const BLANK = /^[\s\xef\xbb\xbf\xff\xfe]*$/;

/** What became of a body, as its sender hears it. */
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
  /** Refusals that hold for every record of a form, and how many records they were for. */
  readonly #ofForms = new Set<string>();
  #refusedByForm = 0;
  #isBlank = true;
  /** Those of the listed refusals that are damaged parts of a saved log; and how many there are in all. */
  readonly #damaged = new Set<number>();
  #damage = 0;
  /** Records of other programs, and records of KMS that the store does not keep: too old, or of the future. */
  #foreign = 0;
  #outOfTime = 0;
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

  /** Why nothing of it can be read, if that is the same for all of it: it is in a form that is not supported. */
  get refusal(): string | undefined {
    if (this.isEmpty) return this.#isBlank ? EMPTY_FILE : NO_RECORD;
    const isAll = this.#refusedByForm === this.#index && this.#ofForms.size === 1;
    return isAll ? this.summary.rejected[0]?.reason : undefined;
  }

  /** It is in a form that cannot be read, so the rest of it changes nothing. */
  get isRefused(): boolean {
    return this.#reader.isRefused;
  }

  /** How many parts of a saved log are damaged. */
  get damage(): number {
    return this.#damage;
  }

  /** Whether a listed refusal is of a damaged part of a saved log, and so has its place in its reason. */
  isDamage(index: number): boolean {
    return this.#damaged.has(index);
  }

  /** Why records were ignored. */
  get ignored(): { readonly foreign: number; readonly outOfTime: number } {
    return { foreign: this.#foreign, outOfTime: this.#outOfTime };
  }

  /** So much of it cannot be read that a sender is better told now than kept waiting. */
  get isHopeless(): boolean {
    return this.summary.rejected_count >= MOST_UNREADABLE;
  }

  /** An ignored record was understood as well. */
  get understoodAny(): boolean {
    return this.summary.accepted + this.summary.duplicate + this.summary.ignored > 0;
  }

  /** @returns why the store cannot take it, for the sender */
  async push(chunk: Buffer): Promise<string | undefined> {
    if (this.#isBlank) this.#isBlank = BLANK.test(chunk.toString('latin1'));
    for (let start = 0; start < chunk.length; start += SLICE) {
      await yielder.yieldToEventLoop();
      this.#sort(this.#reader.push(chunk.subarray(start, start + SLICE)));
      const failure = this.#records.length >= BATCH ? await this.#flush() : undefined;
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async end(): Promise<string | undefined> {
    this.#sort(this.#reader.end());
    const failure = await this.#flush();
    const { refusal } = this;
    if (this.isEmpty && refusal !== undefined) this.summary.rejected.push({ index: 0, reason: refusal });
    // One refusal of a form, and not one for each record.
    if (refusal !== undefined) this.summary.rejected_count = 1;
    if (this.#source === 'http') this.#adviseOnDamage();
    return failure;
  }

  /** Ends it before its end: what was understood so far is stored. @returns why the store cannot take it */
  stop(): Promise<string | undefined> {
    return this.#flush();
  }

  #sort(readings: readonly Reading[]): void {
    for (const reading of readings) {
      if (reading.ok) this.#keep(reading.value);
      else if (reading.error.kind === 'ignored') this.#ignore();
      else this.#refuse(reading.error);
      this.#index++;
    }
  }

  #ignore(): void {
    this.#foreign++;
    this.#unread.ignored++;
  }

  #keep(record: EventRecord): void {
    const objection = this.#objection?.(record);
    if (objection === undefined) this.#records.push(record);
    else this.#reject(objection);
  }

  #refuse({ reason, ofForm, isDamage }: Unusable): void {
    if (isDamage) this.#damage++;
    if (isDamage && this.summary.rejected.length < MOST_LISTED) this.#damaged.add(this.#index);
    const isKnown = this.#ofForms.has(reason) || this.#ofForms.size >= MOST_LISTED;
    this.#reject(reason, ofForm === undefined || !isKnown);
    if (ofForm === undefined) return;
    this.#refusedByForm++;
    if (!isKnown) this.#ofForms.add(reason);
  }

  #reject(reason: string, isNew = true): void {
    this.#unread.rejected++;
    this.summary.rejected_count++;
    if (isNew && this.summary.rejected.length < MOST_LISTED) this.summary.rejected.push({ index: this.#index, reason });
  }

  /** The first damaged part carries the remedy: a sender has nothing but the answer. */
  #adviseOnDamage(): void {
    const at = this.summary.rejected.findIndex(({ index }) => this.#damaged.has(index));
    const first = this.summary.rejected[at];
    if (first !== undefined) this.summary.rejected[at] = { ...first, reason: `${first.reason}; ${DAMAGED_LOG}` };
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
    this.#outOfTime += stored.value.ignored;
    this.summary.ignored += stored.value.ignored + unread.ignored;
    return undefined;
  }
}
