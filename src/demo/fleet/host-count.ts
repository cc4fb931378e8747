import { DAY_S } from '../../kernel/time.ts';
import type { CountPool } from './products.ts';

/** How long a host remembers a client (Microsoft, "KMS activation planning"). */
const REMEMBERED = 30 * DAY_S;

/**
 * The clients that a host remembers, by pool. A real one keeps twice the largest number that any client needed; here
 * all are kept and the count is capped, which is the same seen from outside as long as each client counts once.
 */
export class HostCount {
  readonly #pools = new Map<CountPool, Pool>();

  /** Takes a client in that was answered. Contacts come in order of time. @returns the count that the host tells it */
  contact(pool: CountPool, clientId: string, nPolicy: number, time: number): number {
    const known = this.#pools.get(pool) ?? { contacts: new Map(), largest: 0 };
    this.#pools.set(pool, known);
    known.contacts.delete(clientId);
    known.contacts.set(clientId, time);
    known.largest = Math.max(known.largest, nPolicy);
    return this.at(pool, time) ?? 0;
  }

  /** The capped count; undefined when nobody has asked yet. @param time not before the last contact */
  at(pool: CountPool, time: number): number | undefined {
    const known = this.#pools.get(pool);
    if (known === undefined) return undefined;
    for (const [clientId, last] of known.contacts) {
      if (last > time - REMEMBERED) break;
      known.contacts.delete(clientId);
    }
    return Math.min(known.contacts.size, 2 * known.largest);
  }

  /** The largest number that a client of this pool needed so far; undefined when nobody has asked yet. */
  largestNeed(pool: CountPool): number | undefined {
    return this.#pools.get(pool)?.largest;
  }
}

interface Pool {
  /** In order of their last contact. */
  readonly contacts: Map<string, number>;
  /** The largest number that a client needed. */
  largest: number;
}
