import { u32 } from '../../kernel/numbers.ts';
import { OneToMany } from '../../kernel/one-to-many.ts';
import { seconds } from '../../kernel/time.ts';
import type { LeaseBefore } from '../../leases/fold.ts';
import type { Lease } from '../../leases/types.ts';
import { secsOrNone } from '../database/rows.ts';
import type { StoredRequest } from '../history/records.ts';
import {
  CLASS,
  CLOCK_OFF,
  DOUBT,
  EPHEMERAL,
  EXCLUSION,
  EXCLUSION_SHIFT,
  FAILED,
  flagsOf,
  isDoubted,
  isEphemeral,
  isIncluded,
  isOtherLicense,
  KNOWN,
  packed,
  RENEWAL_PRESUMED,
  unpacked,
  VIRTUAL,
} from './lease-bits.ts';

const COLUMNS = [
  ...(['client', 'product', 'first', 'confirmed', 'presumed', 'renewalAt', 'renewalMachine', 'previous'] as const),
  ...(['runStart', 'anomalies', 'last', 'record', 'host', 'machine', 'flags'] as const),
];

type Column = (typeof COLUMNS)[number];

/** One value a column, as a row of the database has them. */
export type LeaseValues = Readonly<Record<Column, number>>;

/**
 * All leases in memory, a column a value: about 84 bytes each, so that a million fit. Whatever is folded or counted is
 * read here; the database has the same rows for those who list them. Times are seconds since the epoch, 0 for none.
 */
export class LeaseTable {
  /** One more than the largest number of a lease. */
  length = 1;
  readonly client = u32();
  readonly product = u32();
  readonly first = u32();
  readonly confirmed = u32();
  readonly presumed = u32();
  readonly renewalAt = u32();
  readonly renewalMachine = u32();
  readonly previous = u32();
  readonly runStart = u32();
  readonly anomalies = u32();
  readonly last = u32();
  readonly record = u32();
  readonly host = u32();
  readonly machine = u32();
  readonly flags = u32();
  readonly #ofMachine = new OneToMany();
  readonly #ofClient = new OneToMany();

  /** Makes room for what is about to be loaded, by the largest numbers. */
  reserve(lease: number, machine: number, client: number): void {
    for (const name of COLUMNS) this[name].reserve(lease);
    this.#ofMachine.reserve(machine, lease);
    this.#ofClient.reserve(client, lease);
  }

  /** The lease of a client and product; 0 if there is none. @param machine of a client id that several share */
  find(client: number, product: number, machine?: number): number {
    if (machine !== undefined) {
      let id = this.#ofMachine.first(machine);
      while (id !== 0 && (this.product.get(id) !== product || this.client.get(id) !== client)) {
        id = this.#ofMachine.after(id);
      }
      return id;
    }
    let id = this.#ofClient.first(client);
    while (id !== 0 && this.product.get(id) !== product) id = this.#ofClient.after(id);
    return id;
  }

  ofClient(client: number): Iterable<number> {
    return this.#ofClient.of(client);
  }

  /** The leases whose last request was under a name. */
  ofMachine(machine: number): Iterable<number> {
    return this.#ofMachine.of(machine);
  }

  /**
   * The columns as arrays by number of lease, for loops over all leases: asked by the methods, these take half as long
   * again. Good until the next lease is put.
   */
  get columns(): Readonly<Record<Column, Uint32Array>> {
    const columns = COLUMNS.map((name) => [name, this[name].values] as const);
    return Object.fromEntries(columns) as Record<Column, Uint32Array>;
  }

  /** Takes a lease as it was folded, with its last request; its exclusion stays. @param isEphemeral its machine is (`leases.ephemeral`) */
  put(id: number, lease: Omit<Lease, 'last'>, last: StoredRequest, renewalMachine: number, isEphemeral = false): void {
    this.load(id, {
      client: last.client,
      product: last.product,
      first: lease.first,
      confirmed: lease.confirmed ?? 0,
      presumed: lease.presumed ?? 0,
      renewalAt: lease.renewal?.time ?? 0,
      renewalMachine,
      previous: lease.previous ?? 0,
      runStart: lease.runStart,
      anomalies: packed(lease),
      last: last.time,
      record: last.no,
      host: last.hostNo,
      machine: last.machineNo,
      flags: flagsOf(lease, last) | (isEphemeral ? EPHEMERAL : 0) | (this.flags.get(id) & EXCLUSION),
    });
  }

  /** Takes what a client said of itself after its last request. */
  tell(id: number, { confirmed, presumed, doubt }: Pick<Lease, 'confirmed' | 'presumed' | 'doubt'>): void {
    this.confirmed.put(id, confirmed ?? 0);
    this.presumed.put(id, presumed ?? 0);
    this.flags.put(id, (this.flags.get(id) & ~DOUBT) | (doubt ? DOUBT : 0));
  }

  load(id: number, values: LeaseValues): void {
    if (!this.isKnown(id)) {
      this.#ofClient.add(values.client, id);
      this.#ofMachine.add(values.machine, id);
    } else if (this.machine.get(id) !== values.machine) {
      this.#ofMachine.remove(this.machine.get(id), id);
      this.#ofMachine.add(values.machine, id);
    }
    for (const name of COLUMNS) this[name].put(id, values[name]);
    this.flags.put(id, values.flags | KNOWN);
    if (id >= this.length) this.length = id + 1;
  }

  remove(id: number): void {
    this.#ofMachine.remove(this.machine.get(id), id);
    this.#ofClient.remove(this.client.get(id), id);
    this.flags.put(id, 0);
  }

  /** @param nameOf a machine's number */
  folded(id: number, nameOf: (machine: number) => string): LeaseBefore {
    const renewalAt = this.renewalAt.get(id);
    return {
      first: seconds(this.first.get(id)),
      confirmed: secsOrNone(this.confirmed.get(id)),
      presumed: secsOrNone(this.presumed.get(id)),
      doubt: (this.flags.get(id) & DOUBT) !== 0,
      renewal:
        renewalAt === 0
          ? undefined
          : {
              time: seconds(renewalAt),
              machine: nameOf(this.renewalMachine.get(id)),
              presumed: (this.flags.get(id) & RENEWAL_PRESUMED) !== 0,
            },
      previous: secsOrNone(this.previous.get(id)),
      runStart: seconds(this.runStart.get(id)),
      ...unpacked(this.anomalies.get(id)),
      last: { time: seconds(this.last.get(id)) },
    };
  }

  isKnown(id: number): boolean {
    return (this.flags.get(id) & KNOWN) !== 0;
  }

  /** Bits: 1 superseded, 2 retired. */
  exclusion(id: number): number {
    return (this.flags.get(id) & EXCLUSION) >> EXCLUSION_SHIFT;
  }

  setExclusion(id: number, exclusion: number): void {
    this.flags.put(id, (this.flags.get(id) & ~EXCLUSION) | (exclusion << EXCLUSION_SHIFT));
  }

  /** Known, and neither superseded nor retired. */
  isIncluded(id: number): boolean {
    return isIncluded(this.flags.get(id));
  }

  /** Seconds since the epoch; 0 for none. */
  expiry(id: number): number {
    if (this.isOtherLicense(id)) return 0;
    return Math.max(this.confirmed.get(id), this.presumed.get(id));
  }

  /** Licensed by something else than KMS, as far as its client says. */
  isOtherLicense(id: number): boolean {
    return isOtherLicense(this.anomalies.get(id));
  }

  cls(id: number): number {
    return this.flags.get(id) & CLASS;
  }

  isDoubted(id: number): boolean {
    return isDoubted(this.flags.get(id));
  }

  /** Its last request showed a clock too far off, however long ago. */
  isClockOff(id: number): boolean {
    return (this.flags.get(id) & CLOCK_OFF) !== 0;
  }

  /** The flags that the database keeps, beside exclusion, doubt and class. */
  otherFlags(id: number): number {
    return this.flags.get(id) & (FAILED | VIRTUAL | CLOCK_OFF | RENEWAL_PRESUMED | EPHEMERAL);
  }

  /** Of a non-persistent desktop: it is forgotten soon, and in no condition about leases. */
  isEphemeral(id: number): boolean {
    return isEphemeral(this.flags.get(id));
  }
}
