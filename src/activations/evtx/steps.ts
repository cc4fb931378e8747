/** Why a record or a chunk cannot be read, for a person; the only error that reading one throws. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/**
 * Steps for each octet of a chunk. Logs of Windows need one or two; templates that repeat each other's values could
 * make some hundred octets need as many as one likes.
 */
const STEPS_PER_OCTET = 16;

/** Counts the work that a chunk costs and ends it at a limit that grows with the octets and with nothing else. */
export class Steps {
  readonly limit: number;
  #taken = 0;

  /** @param octets the length of the chunk */
  constructor(octets: number) {
    this.limit = octets * STEPS_PER_OCTET;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @throws {Unreadable} beyond the limit */
  take(count: number): void {
    if (this.#taken + count > this.limit) throw new Unreadable('its chunk expands to far more than it contains');
    this.#taken += count;
  }
}
