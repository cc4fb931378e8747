import type { Millis } from '../kernel/time.ts';
import { type Alert, isResolved } from './alert.ts';

/** What a receiver has heard of one alert, and whether it has to hear more. */
export interface OutboxEntry {
  readonly alert: Alert;
  /** True until the receiver has confirmed this state of it. */
  readonly pending: boolean;
}

/** What has to be written down after a change. */
export interface OutboxChanges {
  readonly put: readonly OutboxEntry[];
  /** Fingerprints of alerts that are over and told. */
  readonly drop: readonly string[];
}

/** Alerts that a receiver which does not answer may have waiting; each is a few hundred octets. */
export const MAX_ENTRIES = 10_000;

/**
 * What one receiver knows against what is the case. It holds one entry for each alert, its newest state, so that an
 * outage of days ends in one message and not in a storm; and an alert that began and ended meanwhile is still told.
 */
export class Outbox {
  readonly #entries = new Map<string, OutboxEntry>();
  readonly #changed = new Set<string>();
  readonly #limit: number;
  /** Alerts that found no room and will not be sent. */
  dropped = 0;

  constructor(entries: Iterable<OutboxEntry> = [], limit = MAX_ENTRIES) {
    this.#limit = limit;
    for (const entry of entries) this.#entries.set(entry.alert.fingerprint, entry);
  }

  /**
   * Takes what fires now; everything else is over.
   * @param now milliseconds since the epoch
   * @param explained fires as well, but another alert says why: it is not sent again, and if it was sent, it is not over
   */
  update(firing: readonly Alert[], now: Millis, explained: readonly Alert[] = []): void {
    const told = explained.filter(({ fingerprint }) => {
      const known = this.#entries.get(fingerprint);
      return known !== undefined && !isResolved(known.alert);
    });
    const wanted = new Map([...firing, ...told].map((alert) => [alert.fingerprint, alert]));
    for (const { alert } of [...this.#entries.values()]) {
      if (!isResolved(alert) && !wanted.has(alert.fingerprint)) this.#put({ ...alert, endsAt: now }, true);
    }
    for (const alert of wanted.values()) {
      const known = this.#entries.get(alert.fingerprint);
      const isNew = known === undefined || isResolved(known.alert);
      // A new text alone (a count that went on falling) is no news, but a later message has the newest.
      this.#put(alert, isNew || known.pending);
    }
  }

  /** Takes up what was written down in an earlier run: the next update tells the end of what is over since. */
  recall(entries: Iterable<OutboxEntry>): void {
    for (const entry of entries) {
      if (!this.#entries.has(entry.alert.fingerprint)) this.#entries.set(entry.alert.fingerprint, entry);
    }
  }

  /** Changes that the receiver does not know yet. */
  pending(): readonly Alert[] {
    return [...this.#entries.values()].filter((entry) => entry.pending).map(({ alert }) => alert);
  }

  /** All firing alerts, sent or not, for receivers that need them repeated. */
  firing(): readonly Alert[] {
    return [...this.#entries.values()].map(({ alert }) => alert).filter((alert) => !isResolved(alert));
  }

  /** The receiver has confirmed these; what has changed since they were handed out stays pending. */
  delivered(alerts: readonly Alert[]): void {
    for (const alert of alerts) {
      const entry = this.#entries.get(alert.fingerprint);
      if (entry === undefined || isResolved(entry.alert) !== isResolved(alert)) continue;
      if (!entry.pending || entry.alert.startsAt !== alert.startsAt) continue;
      this.#changed.add(alert.fingerprint);
      if (isResolved(alert)) this.#entries.delete(alert.fingerprint);
      else this.#entries.set(alert.fingerprint, { alert: entry.alert, pending: false });
    }
  }

  /** Changes since the last call. */
  takeChanges(): OutboxChanges {
    const put: OutboxEntry[] = [];
    const drop: string[] = [];
    for (const fingerprint of this.#changed) {
      const entry = this.#entries.get(fingerprint);
      if (entry === undefined) drop.push(fingerprint);
      else put.push(entry);
    }
    this.#changed.clear();
    return { put, drop };
  }

  /** Changes that could not be stored: the next call returns them again. */
  putBack({ put, drop }: OutboxChanges): void {
    for (const { alert } of put) this.#changed.add(alert.fingerprint);
    for (const fingerprint of drop) this.#changed.add(fingerprint);
  }

  #put(alert: Alert, pending: boolean): void {
    const known = this.#entries.get(alert.fingerprint);
    if (known === undefined && this.#entries.size >= this.#limit && !this.#makeRoom()) {
      this.dropped += 1;
      return;
    }
    this.#entries.set(alert.fingerprint, { alert, pending });
    if (known?.pending !== pending || known.alert.endsAt !== alert.endsAt) this.#changed.add(alert.fingerprint);
  }

  /** Ended alerts are dropped before firing ones. */
  #makeRoom(): boolean {
    for (const [fingerprint, { alert }] of this.#entries) {
      if (!isResolved(alert)) continue;
      this.#entries.delete(fingerprint);
      this.#changed.add(fingerprint);
      this.dropped += 1;
      return true;
    }
    return false;
  }
}
