import { N_POLICIES } from '../products/product-class.ts';
import { CensusCurve, type CurveSnapshot } from './census-curve.ts';
import { addContact, type Presence } from './presence.ts';
import type { Interval } from './types.ts';

/** Within the interval, the census was below n before a contact, and is not any more. */
export interface CensusChange {
  readonly n: number;
  readonly interval: Interval;
}

/** What a contact has done. */
export interface Entry {
  /** The client's presence with it, to be kept by the caller; the same array when nothing has changed. */
  readonly presence: Presence;
  /** Requests in these intervals whose N-policy is `n` have another answer now: their leases are folded again. */
  readonly changes: readonly CensusChange[];
}

/** A book as plain data. */
export interface BookSnapshot {
  readonly curve: CurveSnapshot;
  readonly watched: readonly number[];
  readonly latest: number | undefined;
}

/**
 * An N-policy above this is taken for one that no host meets: Microsoft's are 5 and 25, and a made-up one must not make
 * the curve as long as the list of clients.
 */
export const MAX_N_POLICY = 1024;
/** Microsoft's own largest N-policy: this and all below it are exact in every book. */
export const ALWAYS_WATCHED = N_POLICIES.client;
/**
 * A census up to 8/3 of the largest N-policy, and 6 more, tells whether a host's own number below twice that N disagrees with
 * it (`disagrees`).
 */
const TIMES_N = 3;

/**
 * The census of one host and pool over all time, exact for every N-policy in use, as far as "below N or not" goes. It
 * takes contacts in any order and tells for which times the answer has changed.
 *
 * It holds the curve alone (some hundred numbers at the default thresholds, see `CensusCurve`), not the clients: the
 * presence of the contact's client is handed in and back, so that a million clients can stay on disk.
 *
 * Adding contacts never lowers a count, so an answer changes once, from "below" to "not below". One by one, a
 * newest-first import causes about one change per contact and N in use, each as long as the time between two contacts.
 * In batches whose contacts are entered oldest first, before any of their requests is folded, it causes about N per batch.
 */
export class CensusBook {
  #curve: CensusCurve;
  readonly #watched: Set<number>;
  #latest: number | undefined;

  constructor(snapshot?: BookSnapshot) {
    this.#curve = snapshot ? CensusCurve.restore(snapshot.curve) : new CensusCurve(capFor(ALWAYS_WATCHED));
    this.#watched = new Set(snapshot?.watched);
    this.#latest = snapshot?.latest;
  }

  /** N-policies whose changes are reported. */
  get watched(): Iterable<number> {
    return this.#watched;
  }

  get snapshot(): BookSnapshot {
    return { curve: this.#curve.snapshot, watched: [...this.#watched], latest: this.#latest };
  }

  /**
   * Draws a book from what is remembered of all clients, as after a change of products or of a host's aliases.
   * @param latest time of the newest contact
   */
  static of(presences: Iterable<Presence>, watched: Iterable<number>, latest: number | undefined): CensusBook {
    const tracked = [...watched].filter((n) => n <= MAX_N_POLICY);
    const curve = CensusCurve.of(capFor(Math.max(ALWAYS_WATCHED, ...tracked)), flatten(presences));
    return new CensusBook({ curve: curve.snapshot, watched: tracked, latest });
  }

  /**
   * Makes sure that changes are reported for an N-policy; call it before the first request with it is entered.
   * @param presences of all clients of this host and pool; read only when n is larger than any before, then all of them
   */
  watch(n: number, presences: () => Iterable<Presence>): void {
    if (this.#watched.has(n) || n > MAX_N_POLICY) return;
    this.#watched.add(n);
    const cap = capFor(n);
    if (cap > this.#curve.cap) this.#curve = CensusCurve.of(cap, flatten(presences()));
  }

  /**
   * Enters a contact (a request of HRESULT 0), late or not.
   * @param presence of its client at this host and in this pool so far, [] at first
   */
  enter(presence: Presence, time: number): Entry {
    const contact = addContact(presence, time);
    const latest = Math.max(this.#latest ?? time, time);
    this.#latest = latest;
    const changes: CensusChange[] = [];
    if (contact.added !== undefined) {
      this.#curve.add(contact.added, (before, from, until) => {
        // No request is later than the latest contact, so nobody has asked about times after it.
        if (from > latest || !this.#watched.has(before + 1)) return;
        changes.push({ n: before + 1, interval: { from, until: Math.min(until, latest + 1) } });
      });
    }
    return { presence: contact.presence, changes };
  }

  /** The census at a time, exact where it is below every watched N and `MAX_N_POLICY`, else at least the largest. */
  countAt(time: number): number {
    return this.#curve.countAt(time);
  }

  /** All times at which the census is below n, which must be 75 or less, or watched. */
  shortIntervals(n: number): Interval[] {
    return this.#curve.below(n);
  }

  /** Since when the census has been below n at a time: -Infinity when it never was n before; undefined when it is not. */
  shortSince(n: number, time: number): number | undefined {
    return this.#curve.below(n).find(({ from, until }) => from <= time && time < until)?.from;
  }

  /** Forgets what was before a time, when no request from before it will be folded again. */
  forgetBefore(time: number): void {
    this.#curve.forgetBefore(time);
  }
}

/** Powers of two, so that N-policies that rise one by one redraw the curve a few times only. */
function capFor(n: number): number {
  return TIMES_N * (n <= ALWAYS_WATCHED ? ALWAYS_WATCHED : 2 ** Math.ceil(Math.log2(n)));
}

function* flatten(presences: Iterable<Presence>): Iterable<Interval> {
  for (const presence of presences) yield* presence;
}
