import type { Clock } from '../../kernel/clock.ts';
import type { HostName } from '../../kernel/host-name.ts';
import type { Result } from '../../kernel/result.ts';
import { type Millis, type Seconds, wholeSeconds } from '../../kernel/time.ts';
import type { Store } from '../../store/store.ts';
import type { WinrmClient } from '../../winrm/client.ts';
import { formatPlace, parsePlace, placeAfter, type ReadPlace } from './log-place.ts';
import type { Batch } from './read-batch.ts';

export interface LogTimes {
  /** Milliseconds for one answer. */
  readonly timeout: Millis;
  /** Milliseconds for all answers to one query, which may be thousands of records. */
  readonly queryTimeout: Millis;
  /** Milliseconds that a host may hold a pull back while it has nothing new. */
  readonly pullTimeout: Millis;
  /** Milliseconds for the first event of a log, which the host has at hand; an empty one takes half of it. */
  readonly look: Millis;
  /** Milliseconds after which a subscription is renewed: a host ends it after an hour. */
  readonly renewAfter: number;
  /** Milliseconds between two questions where a subscription is refused. */
  readonly pollEvery: Millis;
  /** Milliseconds after which a refused subscription is tried again. */
  readonly retryRefused: number;
}

/** What reading one host's logs needs. */
export interface LogSourceOptions {
  readonly host: HostName;
  readonly client: Pick<WinrmClient, 'subscribe' | 'enumerate'>;
  readonly store: Pick<Store, 'ingestFromLog' | 'logBookmark'>;
  readonly times: LogTimes;
  /** Events that one answer may have; the subscription's default when undefined. */
  readonly maxEvents?: number;
  /** The host has answered. */
  readonly onAnswer: () => void;
  readonly clock: Clock;
  /** By which records are judged. */
  readonly eventClock: Clock;
}

/** A quiet log is noted as read at most so often: each note is a commit. Seconds. */
const NOTE_EVERY = 900;

/** The place up to where one host's logs have been read, in the store and here. */
export class LogProgress {
  readonly #options: LogSourceOptions;
  #place: ReadPlace | undefined;
  #noted = 0;

  constructor(options: LogSourceOptions) {
    this.#options = options;
  }

  get now(): Seconds {
    return wholeSeconds(this.#options.eventClock.now());
  }

  /** @returns the place; or why the store cannot tell */
  async place(): Promise<Result<ReadPlace, string>> {
    if (this.#place !== undefined) return { ok: true, value: this.#place };
    const stored = await this.#options.store.logBookmark(this.#options.host);
    if (!stored.ok) return { ok: false, error: stored.error.text };
    this.#place = parsePlace(stored.value);
    this.#noted = this.#place.until;
    return { ok: true, value: this.#place };
  }

  /**
   * Stores records, and with them the place that follows.
   * @returns why the store did not take them; then nothing of them is known to be stored
   */
  async store(batch: Batch, bookmark: string | undefined): Promise<string | undefined> {
    const before = this.#place;
    if (before === undefined) throw new Error('the position in the log is not known yet');
    const place = {
      bookmark: bookmark ?? before.bookmark,
      last: placeAfter(before, batch.positions),
      until: this.now,
    };
    const isNew = bookmark !== undefined || batch.records.length > 0 || batch.positions.length > 0;
    if (!isNew && place.until - this.#noted < NOTE_EVERY) {
      this.#place = place;
      return undefined;
    }
    return this.#store(batch, place);
  }

  /** Begins again, and counts a gap if there is one. @returns why the store did not take it */
  restart(isGap: boolean): Promise<string | undefined> {
    const place = { bookmark: undefined, last: {}, until: this.now };
    return this.#store(EMPTY, place, isGap ? this.now : undefined);
  }

  async #store(batch: Batch, place: ReadPlace, gap?: Seconds): Promise<string | undefined> {
    const { store, host } = this.#options;
    const stored = await store.ingestFromLog('winrm', batch.records, batch.unread, {
      host,
      bookmark: formatPlace(place),
      gap,
    });
    if (!stored.ok) {
      // What is on disk decides.
      this.#place = undefined;
      return stored.error.text;
    }
    this.#place = place;
    this.#noted = place.until;
    return undefined;
  }
}

const EMPTY: Batch = { records: [], unread: { ignored: 0, rejected: 0 }, positions: [] };
