import { expiryOf } from '../leases/expiry.ts';
import { isClockOff } from '../leases/skew.ts';
import type { Lease } from '../leases/types.ts';
import { CLASSES } from './catalogue.ts';
import { Chains } from './chains.ts';
import type { LeaseRow } from './lease-rows.ts';
import type { Names } from './names.ts';
import { u16, u32 } from './numbers.ts';
import { scratchLease } from './scratch-lease.ts';

const CLASS = 3;
const DOUBT = 4;
const FAILED = 8;
const VIRTUAL = 16;
const SKEWED = 32;
/** Two bits, as `LeaseRow.fate` has them. */
const FATE_SHIFT = 6;
const FATE = 3 << FATE_SHIFT;
const KNOWN = 256;
const RETRYING = 512;
const LONG = 1024;

/** What a number in `/metrics` depends on, one row a lease: about 42 octets each, so that a million fit in memory. */
export class LeaseColumns {
  /** One more than the largest number of a lease. */
  length = 1;
  /** 0 for none. */
  readonly expiry = u32();
  readonly last = u32();
  readonly host = u32();
  readonly machine = u32();
  readonly #previous = u32();
  readonly #runStart = u32();
  readonly #flags = u16();
  readonly #product = u32();
  readonly #ofMachine = new Chains();
  readonly #ofClient = new Chains();
  readonly #scratch = scratchLease();

  /** Makes room for what is about to be loaded, by the largest numbers. */
  reserve({
    lease,
    machine,
    client,
  }: {
    readonly lease: number;
    readonly machine: number;
    readonly client: number;
  }): void {
    for (const column of [this.expiry, this.last, this.host, this.machine, this.#previous, this.#runStart]) {
      column.reserve(lease);
    }
    this.#product.reserve(lease);
    this.#flags.reserve(lease);
    this.#ofMachine.reserve(machine, lease);
    this.#ofClient.reserve(client, lease);
  }

  /** The lease of a client and product; 0 when there is none. */
  find(client: number, product: number): number {
    let id = this.#ofClient.first(client);
    while (id !== 0 && this.#product.get(id) !== product) id = this.#ofClient.after(id);
    return id;
  }

  ofClient(client: number): Iterable<number> {
    return this.#ofClient.of(client);
  }

  put(id: number, { client, product, lease, fate }: Omit<LeaseRow, 'contacts' | 'id'>, names: Names): void {
    const { last } = lease;
    const machine = names.machines.no(last.machine);
    this.load(id, {
      client,
      product,
      expiry: expiryOf(lease)?.time ?? 0,
      last: last.time,
      host: names.hosts.no(last.host),
      machine,
      previous: lease.previous ?? 0,
      runStart: lease.runStart,
      flags: flagsOf(lease) | (fate << FATE_SHIFT),
    });
  }

  load(id: number, row: ColumnValues): void {
    if (!this.isKnown(id)) {
      this.#product.put(id, row.product);
      this.#ofClient.add(row.client, id);
      this.#ofMachine.add(row.machine, id);
    } else if (this.machine.get(id) !== row.machine) {
      this.#ofMachine.remove(this.machine.get(id), id);
      this.#ofMachine.add(row.machine, id);
    }
    this.expiry.put(id, row.expiry);
    this.last.put(id, row.last);
    this.host.put(id, row.host);
    this.machine.put(id, row.machine);
    this.#previous.put(id, row.previous);
    this.#runStart.put(id, row.runStart);
    this.#flags.put(id, row.flags | KNOWN);
    if (id >= this.length) this.length = id + 1;
  }

  remove(id: number, client: number): void {
    this.#ofMachine.remove(this.machine.get(id), id);
    this.#ofClient.remove(client, id);
    this.#flags.put(id, 0);
  }

  isKnown(id: number): boolean {
    return (this.#flags.get(id) & KNOWN) !== 0;
  }

  fate(id: number): number {
    return (this.#flags.get(id) & FATE) >> FATE_SHIFT;
  }

  setFate(id: number, fate: number): void {
    this.#flags.put(id, (this.#flags.get(id) & ~FATE) | (fate << FATE_SHIFT));
  }

  cls(id: number): number {
    return this.#flags.get(id) & CLASS;
  }

  isVirtual(id: number): boolean {
    return (this.#flags.get(id) & VIRTUAL) !== 0;
  }

  /** Its last request showed a clock too far off, whenever that was. */
  isClockOff(id: number): boolean {
    return (this.#flags.get(id) & SKEWED) !== 0;
  }

  /** What the tally has counted it for: 0 no, 1 retrying, 2 for long. */
  retry(id: number): number {
    const flags = this.#flags.get(id);
    if ((flags & RETRYING) === 0) return 0;
    return (flags & LONG) === 0 ? 1 : 2;
  }

  setRetry(id: number, retry: number): void {
    const bits = (retry > 0 ? RETRYING : 0) | (retry > 1 ? LONG : 0);
    this.#flags.put(id, (this.#flags.get(id) & ~(RETRYING | LONG)) | bits);
  }

  /** The leases whose last request was under a name. */
  ofMachine(machine: number): Iterable<number> {
    return this.#ofMachine.of(machine);
  }

  /** The lease as far as the rules of states need it; the same object at each call. */
  view(id: number): Lease {
    const lease = this.#scratch;
    const flags = this.#flags.get(id);
    lease.confirmed = this.expiry.get(id) || undefined;
    lease.doubt = (flags & DOUBT) !== 0;
    lease.previous = this.#previous.get(id) || undefined;
    lease.runStart = this.#runStart.get(id);
    lease.last.time = this.last.get(id);
    lease.last.hresult = (flags & FAILED) === 0 ? 0 : 1;
    return lease;
  }
}

/** A row as it is read from the database at the start. */
export interface ColumnValues {
  readonly client: number;
  readonly product: number;
  readonly expiry: number;
  readonly last: number;
  readonly host: number;
  readonly machine: number;
  readonly previous: number;
  readonly runStart: number;
  readonly flags: number;
}

/** The flags in SQL, so that a million rows are read in few columns; they are below 256. */
export const FLAGS_SQL = `(cls | (doubt << 2) | ((hresult <> 0) << 3) | (virtual << 4)
  | ((client_time IS NOT NULL AND abs(client_time - last) > 14400) << 5) | (fate << ${FATE_SHIFT}))`;

function flagsOf({ last, doubt }: Lease): number {
  return (
    CLASSES.indexOf(last.cls) |
    (doubt ? DOUBT : 0) |
    (last.hresult === 0 ? 0 : FAILED) |
    (last.virtual ? VIRTUAL : 0) |
    (isClockOff(last) ? SKEWED : 0)
  );
}
