import { DAY_MS, HOUR_MS, SECOND_MS } from '../kernel/time.ts';

export type Family = 4 | 6;

/** What is known of a name in one family. */
export interface CacheEntry {
  readonly status: 'records' | 'nodata' | 'nxdomain';
  readonly addresses: readonly string[];
}

interface Stored extends CacheEntry {
  readonly learned: number;
  readonly fresh: number;
}

/** Milliseconds. A TTL of 0 must not make a query of every use, nor a long one keep an address that has moved. */
const MIN_FRESH = SECOND_MS;
const MAX_FRESH = HOUR_MS;
const MAX_ABSENT = 60 * SECOND_MS;
/** RFC 8767 4: how long what is out of date still serves, and (5) for how long no new attempt is made meanwhile. */
const MAX_STALE = DAY_MS;
const RECHECK = 30 * SECOND_MS;
/** Of names and families together. */
const MAX_ENTRIES = 10_000;

/** Remembers addresses for their TTL, and for a day in case that no server answers. Times are milliseconds. */
export class AddressCache {
  readonly #entries = new Map<string, Stored>();

  /** What is known and not out of date. */
  fresh(name: string, family: Family, now: number): CacheEntry | undefined {
    const entry = this.#entries.get(key(name, family));
    return entry !== undefined && now < entry.fresh ? entry : undefined;
  }

  /** The addresses that were last known, of the last day. */
  lastKnown(name: string, family: Family, now: number): Stored | undefined {
    const entry = this.#entries.get(key(name, family));
    const usable = entry?.status === 'records' && now < entry.learned + MAX_STALE;
    return usable ? entry : undefined;
  }

  /** @param ttl seconds; undefined when the answer does not say it */
  store(name: string, family: Family, entry: CacheEntry, ttl: number | undefined, now: number): void {
    const limit = entry.status === 'records' ? MAX_FRESH : MAX_ABSENT;
    const lifetime = Math.min(limit, Math.max(MIN_FRESH, (ttl ?? 0) * SECOND_MS));
    this.#put(key(name, family), { ...entry, learned: now, fresh: now + lifetime });
  }

  /** Lets this serve for a while without asking again, as no server answers. */
  hold(name: string, family: Family, entry: CacheEntry, now: number): void {
    const learned = this.lastKnown(name, family, now)?.learned ?? now;
    this.#put(key(name, family), { ...entry, learned, fresh: now + RECHECK });
  }

  #put(id: string, entry: Stored): void {
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    // The first one is the one that was longest not renewed.
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}

function key(name: string, family: Family): string {
  return `${family} ${name}`;
}
