import type { HostName } from './host-name.ts';
import { HOUR_MS, MINUTE_MS, type Millis, millis } from './time.ts';

/** Clocks that differ by no more show the same time: Kerberos takes 5 minutes, and records take a while to come. */
export const SAME_TIME = 15 * MINUTE_MS;

/** A host is being read if a record of it has come within this time. */
const READ_WITHIN = HOUR_MS;

/** For how long hosts have to agree with a clock until it is believed against another host. */
const CONFIRMED_AFTER = HOUR_MS;

/** The times that hosts give to the records that come in: the only other clocks that the agent sees. */
export class HostTimes {
  /** By host, the time of the record that came last, and when it came, by the monotonic clock. */
  readonly #last = new Map<string, { readonly time: Millis; readonly at: Millis }>();
  #agreed: { readonly from: Millis; readonly to: Millis } | undefined;
  /** The newest time that any host gave, records that are ahead of all clocks aside. */
  newest = millis(Number.NEGATIVE_INFINITY);

  note(host: HostName, time: Millis, at: Millis): void {
    this.#last.set(host, { time, at });
  }

  /**
   * Whether a record is new, and not of a history that is being read: it came after all others, or with them.
   * Only such a record says what time it is.
   */
  isNew(time: Millis): boolean {
    if (time < this.newest - SAME_TIME) return false;
    this.newest = millis(Math.max(this.newest, time));
    return true;
  }

  /** A host has shown the same time as the system. @param at by the monotonic clock */
  agree(at: Millis): void {
    this.#agreed = { from: this.#agreed?.from ?? at, to: at };
  }

  disagree(): void {
    this.#agreed = undefined;
  }

  /** Whether hosts have agreed with the system for so long that one that does not has a wrong clock. */
  get isConfirmed(): boolean {
    return this.#agreed !== undefined && this.#agreed.to - this.#agreed.from >= CONFIRMED_AFTER;
  }

  /** How far a clock is behind the newest record of a host that is read now, not below 0. @param at by the monotonic clock */
  ahead(system: Millis, at: Millis): Millis {
    let most = 0;
    for (const [host, last] of this.#last) {
      if (at - last.at > READ_WITHIN) this.#last.delete(host);
      else most = Math.max(most, last.time + (at - last.at) - system);
    }
    return millis(most);
  }
}
