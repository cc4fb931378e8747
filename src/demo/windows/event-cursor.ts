import type { EventLog, StoredEvent } from './event-log.ts';
import type { ChannelQuery } from './event-query.ts';

/** One channel of a subscription, and how far it has been read. */
export class EventCursor {
  readonly #log: EventLog;
  readonly #query: ChannelQuery;
  #position: number;
  #generation: number;
  #delivered: number | undefined;

  /** @param position record id after which it begins */
  constructor(log: EventLog, query: ChannelQuery, position: number) {
    this.#log = log;
    this.#query = query;
    this.#position = position;
    this.#generation = log.generation;
  }

  get channel(): string {
    return this.#log.channel;
  }

  /** Record id of the last record that was delivered. */
  get delivered(): number | undefined {
    return this.#delivered;
  }

  /** Record id after which it goes on. */
  get position(): number {
    return this.#position;
  }

  /** The next record that is wanted, without taking it. */
  peek(): StoredEvent | undefined {
    if (this.#generation !== this.#log.generation) {
      this.#generation = this.#log.generation;
      this.#position = 0;
    }
    for (const event of this.#log.after(this.#position)) {
      if (this.#query.matches(event)) return event;
      this.#position = event.recordId;
    }
    return undefined;
  }

  advancePast(event: StoredEvent): void {
    this.#position = event.recordId;
    this.#delivered = event.recordId;
  }

  onChange(callback: () => void): () => void {
    return this.#log.onChange(callback);
  }
}
