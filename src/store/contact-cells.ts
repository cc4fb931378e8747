import { u16, u32 } from './numbers.ts';

/**
 * The last contact of each client in each home (a host and one of its pools), in memory: the census counts them, and a
 * record in order finds there what it follows. About 16 octets a client.
 */
export class ContactCells {
  /** One more than the number of cells. */
  #length = 1;
  readonly #first = u32();
  readonly #next = u32();
  readonly #home = u16();
  readonly #client = u32();
  readonly #last = u32();

  /** Makes room for so many clients with one home each. */
  reserve(clients: number): void {
    for (const column of [this.#first, this.#next, this.#client, this.#last]) column.reserve(clients);
    this.#home.reserve(clients);
  }

  /** Undefined when the client never had contact there. */
  last(client: number, home: number): number | undefined {
    const cell = this.#find(client, home);
    return cell === 0 ? undefined : this.#last.get(cell);
  }

  /** Enters a contact. @returns the last contact before, undefined when this is the first */
  put(client: number, home: number, time: number): number | undefined {
    const cell = this.#find(client, home);
    if (cell !== 0) {
      const before = this.#last.get(cell);
      if (time > before) this.#last.put(cell, time);
      return before;
    }
    const fresh = this.#length++;
    this.#home.put(fresh, home);
    this.#client.put(fresh, client);
    this.#last.put(fresh, time);
    this.#next.put(fresh, this.#first.get(client));
    this.#first.put(client, fresh);
    return undefined;
  }

  /** Home, client and last contact of every cell; mostly the newest first, as who came last asked last. */
  forEach(visit: (home: number, client: number, last: number) => void): void {
    for (let cell = this.#length - 1; cell > 0; cell--)
      visit(this.#home.get(cell), this.#client.get(cell), this.#last.get(cell));
  }

  #find(client: number, home: number): number {
    let cell = this.#first.get(client);
    while (cell !== 0 && this.#home.get(cell) !== home) cell = this.#next.get(cell);
    return cell;
  }
}
