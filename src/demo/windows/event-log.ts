import { firstPlace } from '../../kernel/partition.ts';

/** A record before a log has taken it. */
export interface NewEvent {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly eventId: number;
  /** The insertion strings. */
  readonly data: readonly string[];
  /** Default: the licensing provider. */
  readonly provider?: string;
  /** Larger than that of any record before; default: the next number. */
  readonly recordId?: number;
}

export interface StoredEvent extends Required<NewEvent> {
  readonly channel: string;
}

export interface EventLogOptions {
  /** Records kept; the oldest are overwritten. Default 1,000,000. */
  readonly capacity?: number;
}

export const LICENSING_PROVIDER = 'Microsoft-Windows-Security-SPP';

/** Places that were given up before the array is cut. */
const SLACK = 4096;

/** One log of a host, in memory. Record ids rise, and start again with 1 when it is cleared. */
export class EventLog {
  readonly channel: string;
  readonly #capacity: number;
  readonly #waiting = new Set<() => void>();
  #records: StoredEvent[] = [];
  /** The place of the oldest record that is still there. */
  #head = 0;
  #newest = 0;
  #generation = 0;

  constructor(channel: string, { capacity = 1_000_000 }: EventLogOptions = {}) {
    this.channel = channel;
    this.#capacity = capacity;
  }

  /** Record id of the newest record that there was; 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Record id of the oldest record that is left; undefined when none is. */
  get oldest(): number | undefined {
    return this.#records[this.#head]?.recordId;
  }

  get size(): number {
    return this.#records.length - this.#head;
  }

  /** How often it was cleared: a position in the log is one of this generation only. */
  get generation(): number {
    return this.#generation;
  }

  /** @throws RangeError when a record id does not rise */
  append(events: Iterable<NewEvent>): void {
    for (const event of events) {
      const recordId = event.recordId ?? this.#newest + 1;
      if (recordId <= this.#newest)
        throw new RangeError(`record ${recordId} of ${this.channel} comes after ${this.#newest}`);
      this.#newest = recordId;
      this.#records.push({ provider: LICENSING_PROVIDER, ...event, recordId, channel: this.channel });
    }
    this.overwrite(Math.max(0, this.size - this.#capacity));
    this.#wake();
  }

  /** Loses its oldest records, as a full log does. */
  overwrite(count: number): void {
    this.#head = Math.min(this.#records.length, this.#head + count);
    if (this.#head < SLACK) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }

  /** As an administrator does by "Clear Log". */
  clear(): void {
    this.#records = [];
    this.#head = 0;
    this.#newest = 0;
    this.#generation += 1;
    this.#wake();
  }

  has(recordId: number): boolean {
    return this.#records[this.#indexAfter(recordId - 1)]?.recordId === recordId;
  }

  /** From oldest to newest, those with a larger id. */
  *after(recordId: number): Iterable<StoredEvent> {
    const records = this.#records;
    for (let i = this.#indexAfter(recordId); i < records.length; i += 1) {
      const record = records[i];
      if (record !== undefined) yield record;
    }
  }

  /** What is there now, from newest to oldest. */
  *backwards(): Iterable<StoredEvent> {
    const records = this.#records;
    const head = this.#head;
    for (let i = records.length - 1; i >= head; i -= 1) {
      const record = records[i];
      if (record !== undefined) yield record;
    }
  }

  /** Calls back once, at the next change. @returns takes the call back */
  onChange(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  #indexAfter(recordId: number): number {
    const [head, records] = [this.#head, this.#records];
    return head + firstPlace(records.length - head, (place) => (records[head + place]?.recordId ?? 0) > recordId);
  }

  #wake(): void {
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}
