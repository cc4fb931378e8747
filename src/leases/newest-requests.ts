/** As much of a request as shows whether a machine has moved on. */
export interface FormerRequest {
  readonly client: number;
  /** Seconds since the epoch. */
  readonly time: number;
  /** The number of its record. */
  readonly record: number;
}

/** The newest last requests of one machine's leases in one group: the times alone, and which leases have them. */
export class NewestRequests {
  readonly #former: FormerRequest[] = [];
  /** Leases by time, of the two largest times. */
  readonly #leases = new Map<number, number[]>();
  #first = 0;
  #second = 0;

  addLease(id: number, time: number): void {
    this.#rank(time);
    if (time >= this.#second) this.#leases.set(time, [...this.leasesAt(time), id]);
  }

  addFormer(request: FormerRequest): void {
    this.#former.push(request);
    this.#rank(request.time);
  }

  /** The largest time beside a lease's own; 0 if there is none. */
  beside(id: number): number {
    const newest = this.leasesAt(this.#first);
    const alone = newest.length === 1 && newest[0] === id && this.formerAt(this.#first).length === 0;
    return alone ? this.#second : this.#first;
  }

  /** The leases whose last request has this time, one of the two largest. */
  leasesAt(time: number): readonly number[] {
    return this.#leases.get(time) ?? [];
  }

  formerAt(time: number): readonly FormerRequest[] {
    return this.#former.filter((request) => request.time === time);
  }

  #rank(time: number): void {
    if (time > this.#first) [this.#first, this.#second] = [time, this.#first];
    else if (time > this.#second && time < this.#first) this.#second = time;
  }
}
