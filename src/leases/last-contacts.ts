import { u32 } from '../kernel/numbers.ts';

/** The host pool of a client's last contact, and its last contacts in others. */
export interface NewestContact {
  readonly pool: number;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly others: readonly (readonly [pool: number, time: number])[];
}

/**
 * The last contact of each client in each host pool, in memory: the census counts them, and a record in order finds
 * here the one before it. About 18 bytes a client.
 */
export class LastContacts {
  /** One more than the number of contacts. */
  #length = 1;
  readonly #first = u32();
  readonly #next = u32();
  readonly #pool = u32();
  readonly #client = u32();
  readonly #time = u32();

  /** Makes room for this many clients with one pool each. */
  reserve(clients: number): void {
    for (const column of [this.#first, this.#next, this.#client, this.#time]) column.reserve(clients);
    this.#pool.reserve(clients);
  }

  /** Undefined if the client never had contact there. */
  last(client: number, pool: number): number | undefined {
    const at = this.#find(client, pool);
    return at === 0 ? undefined : this.#time.get(at);
  }

  newest(client: number): NewestContact | undefined {
    let at = this.#first.get(client);
    if (at === 0) return undefined;
    let newest = at;
    for (at = this.#next.get(at); at !== 0; at = this.#next.get(at)) {
      if (this.#time.get(at) > this.#time.get(newest)) newest = at;
    }
    return { pool: this.#pool.get(newest), time: this.#time.get(newest), others: this.#beside(client, newest) };
  }

  /** Takes a contact, late or not. */
  put(client: number, pool: number, time: number): void {
    const known = this.#find(client, pool);
    if (known !== 0) {
      if (time > this.#time.get(known)) this.#time.put(known, time);
      return;
    }
    const added = this.#length++;
    this.#pool.put(added, pool);
    this.#client.put(added, client);
    this.#time.put(added, time);
    this.#next.put(added, this.#first.get(client));
    this.#first.put(client, added);
  }

  /** Host pool, client and time of every last contact. */
  forEach(visit: (pool: number, client: number, time: number) => void): void {
    const [pools, clients, times] = [this.#pool.values, this.#client.values, this.#time.values];
    for (let at = this.#length - 1; at > 0; at--) visit(pools[at] ?? 0, clients[at] ?? 0, times[at] ?? 0);
  }

  #beside(client: number, newest: number): readonly (readonly [number, number])[] {
    const others: [number, number][] = [];
    for (let at = this.#first.get(client); at !== 0; at = this.#next.get(at)) {
      if (at !== newest) others.push([this.#pool.get(at), this.#time.get(at)]);
    }
    return others;
  }

  #find(client: number, pool: number): number {
    let at = this.#first.get(client);
    while (at !== 0 && this.#pool.get(at) !== pool) at = this.#next.get(at);
    return at;
  }
}
