import { isLongRun, isRetrying } from '../leases/retrying.ts';
import { SKEW_WITHIN } from '../leases/skew.ts';
import { isCounted, isForgotten, stateOf } from '../leases/state.ts';
import { type ClassTally, countLease, emptyTally } from '../leases/tally.ts';
import { CLASSES } from './catalogue.ts';
import type { LeaseColumns } from './lease-columns.ts';
import type { MachineNames } from './machine-names.ts';
import { u32 } from './numbers.ts';
import type { StoreSettings } from './settings.ts';

const FATES = [
  { superseded: false, retired: false },
  { superseded: true, retired: false },
  { superseded: false, retired: true },
  { superseded: true, retired: true },
] as const;

/** What the columns do not have, as it is seldom asked for. */
export interface LeaseFacts {
  /** Whether the last request of one lease comes after that of another at the same second. */
  isLater(id: number, than: number): boolean;
  interval(host: number): number;
  /** @param runStart at the configured interval */
  runStart(id: number, interval: number, runStart: number): number;
  /** Time of a lease's last request up to a time; 0 when there is none. */
  lastUntil(id: number, until: number): number;
  /** Where the newest request of some leases up to now showed a clock too far off; 0 when it did not. */
  skewedAt(ids: readonly number[], now: number): number;
}

/**
 * All that `/metrics` counts of leases and machines. It is counted anew once a minute; in between, what changes is taken
 * out as it was and put in as it is, at the same moment in time, so that an answer to a sender costs only its own leases.
 */
export class Board {
  base = 0;
  /** The moment of the call under way, at most a minute after `base`: what is later is not heard yet. */
  now = 0;
  physical = 0;
  virtual = 0;
  readonly skewed = new Map<number, number>();
  /** By host * 4 + class. */
  readonly retrying = new Map<number, { retrying: number; long: number }>();
  /** A lease came or went that is, or would be, among the soonest to end. */
  soonestMoved = false;
  #soonest: { readonly next: readonly (number | undefined)[]; readonly latest: number } = { next: [], latest: 0 };
  readonly #columns: LeaseColumns;
  readonly #names: MachineNames;
  readonly #facts: LeaseFacts;
  readonly #newest = u32();
  readonly #leases = new Set<number>();
  readonly #machines = new Set<number>();
  /** Of leases whose last request is still to come, by a host whose clock is ahead: the last before; 0 for none. */
  readonly #heard = new Map<number, number>();
  /** Of machines whose newest request is still to come: the host that finds their clock off; 0 for none. */
  readonly #skewedAt = new Map<number, number>();
  #settings: StoreSettings;
  #in: ClassTally[] = [];
  #out: ClassTally[] = [];

  constructor(columns: LeaseColumns, names: MachineNames, facts: LeaseFacts, settings: StoreSettings) {
    this.#columns = columns;
    this.#names = names;
    this.#facts = facts;
    this.#settings = settings;
  }

  configure(settings: StoreSettings): void {
    this.#settings = settings;
  }

  /** @param next soonest end of each class @param latest end of the list */
  watchSoonest(next: readonly (number | undefined)[], latest: number): void {
    this.#soonest = { next, latest };
    this.soonestMoved = false;
  }

  /** Counts everything anew, at a moment in seconds. @param machines one more than the largest number of a machine */
  recount(now: number, machines: number): void {
    this.base = now;
    this.now = now;
    this.physical = 0;
    this.virtual = 0;
    this.skewed.clear();
    this.retrying.clear();
    this.#in = CLASSES.map(emptyTally);
    this.#out = CLASSES.map(emptyTally);
    this.#leases.clear();
    this.#machines.clear();
    this.#heard.clear();
    this.#skewedAt.clear();
    for (let id = 1; id < this.#columns.length; id++) this.#putLease(id);
    for (let machine = 1; machine < machines; machine++) this.#putMachine(machine);
  }

  /** Takes a lease out before its columns change; `settle` puts it back. Its machines are to be taken out as well. */
  takeLease(id: number): void {
    if (this.#leases.has(id)) return;
    this.#leases.add(id);
    if (!this.isCounted(id)) return;
    this.#count(id, this.#out);
    this.#addRetry(id, this.#columns.retry(id), -1);
  }

  /** Takes out a machine, under all its names. */
  takeMachine(machine: number): void {
    this.#takeName(machine);
    for (const other of this.#names.kin(machine)) this.#takeName(other);
  }

  settle(): void {
    for (const id of this.#leases) this.#putLease(id);
    for (const machine of this.#machines) this.#putMachine(machine);
    this.#leases.clear();
    this.#machines.clear();
  }

  /** The sums of a class, not yet cumulative; `nextExpiry` is not kept. */
  tally(cls: number): ClassTally {
    return difference(this.#in[cls] ?? emptyTally(), this.#out[cls] ?? emptyTally());
  }

  /** Neither superseded nor retired nor forgotten. */
  isCounted(id: number): boolean {
    const columns = this.#columns;
    if (!columns.isKnown(id) || columns.fate(id) !== 0) return false;
    return !isForgotten(columns.last.get(id), this.base, this.#settings.leases);
  }

  #putLease(id: number): void {
    if (this.#columns.last.get(id) > this.now) this.#heard.set(id, this.#lastUntilNow(id));
    else this.#heard.delete(id);
    if (!this.isCounted(id)) return;
    const retry = this.#count(id, this.#in);
    this.#columns.setRetry(id, retry);
    this.#addRetry(id, retry, 1);
  }

  #count(id: number, tallies: readonly ClassTally[]): number {
    const { leases: settings } = this.#settings;
    const lease = this.#columns.view(id);
    this.#noteEnd(lease.confirmed, this.#columns.cls(id));
    const state = stateOf(lease, FATES[0], this.base, settings);
    const tally = tallies[this.#columns.cls(id)];
    if (tally === undefined || !isCounted(state)) return 0;
    countLease(tally, state, lease.confirmed, this.#heard.get(id) ?? lease.last.time, this.base, settings);
    const interval = this.#facts.interval(this.#columns.host.get(id));
    if (tallies === this.#out || !isRetrying(lease, state, this.base, interval)) return 0;
    return isLongRun(this.#facts.runStart(id, interval, lease.runStart), this.base) ? 2 : 1;
  }

  #lastUntilNow(id: number): number {
    const { previous } = this.#columns.view(id);
    if (previous !== undefined && previous <= this.now) return previous;
    return this.#facts.lastUntil(id, this.now);
  }

  #noteEnd(expiry: number | undefined, cls: number): void {
    const { next, latest } = this.#soonest;
    if (expiry === undefined || expiry <= this.base) return;
    if (expiry <= Math.max(latest, next[cls] ?? Number.POSITIVE_INFINITY)) this.soonestMoved = true;
  }

  #addRetry(id: number, retry: number, sign: number): void {
    if (retry === 0) return;
    const key = this.#columns.host.get(id) * 4 + this.#columns.cls(id);
    const sums = this.retrying.get(key) ?? { retrying: 0, long: 0 };
    this.retrying.set(key, { retrying: sums.retrying + sign, long: sums.long + (retry > 1 ? sign : 0) });
  }

  #takeName(machine: number): void {
    if (this.#machines.has(machine)) return;
    this.#machines.add(machine);
    this.#countMachine(machine, -1);
  }

  #putMachine(machine: number): void {
    const newest = this.#newestOf(machine);
    this.#newest.put(machine, newest);
    if (this.#columns.last.get(newest) > this.now) {
      this.#skewedAt.set(machine, this.#facts.skewedAt(this.#leasesOf(machine), this.now));
    } else this.#skewedAt.delete(machine);
    this.#countMachine(machine, 1);
  }

  #countMachine(machine: number, sign: number): void {
    const newest = this.#newest.get(machine);
    if (newest === 0) return;
    if (this.#columns.isVirtual(newest)) this.virtual += sign;
    else this.physical += sign;
    const host = this.#skewedAt.get(machine) ?? this.#hostOfSkew(newest);
    if (host !== 0) this.skewed.set(host, (this.skewed.get(host) ?? 0) + sign);
  }

  #hostOfSkew(newest: number): number {
    const recent = this.#columns.last.get(newest) > this.base - SKEW_WITHIN;
    return recent && this.#columns.isClockOff(newest) ? this.#columns.host.get(newest) : 0;
  }

  #leasesOf(machine: number): number[] {
    const names = [machine, ...this.#names.kin(machine)];
    return names.flatMap((name) => [...this.#columns.ofMachine(name)]).filter((id) => this.isCounted(id));
  }

  /** The lease with the newest request of the machine that a name stands for; 0 when another name stands for it. */
  #newestOf(machine: number): number {
    const own = this.#newestUnder(machine);
    const kin = this.#names.kin(machine);
    if (own === 0 && kin.length === 0) return 0;
    if (kin.length === 0) return own;
    if (this.#names.isBare(machine)) return kin.some((full) => this.#newestUnder(full) !== 0) ? 0 : own;
    if (own === 0) return 0;
    return kin.map((bare) => this.#newestUnder(bare)).reduce((newest, id) => this.#later(newest, id), own);
  }

  #newestUnder(machine: number): number {
    let newest = 0;
    for (const id of this.#columns.ofMachine(machine)) if (this.isCounted(id)) newest = this.#later(newest, id);
    return newest;
  }

  #later(a: number, b: number): number {
    if (a === 0 || b === 0) return a + b;
    const later = this.#columns.last.get(b) - this.#columns.last.get(a);
    return later > 0 || (later === 0 && this.#facts.isLater(b, a)) ? b : a;
  }
}

function difference(a: ClassTally, b: ClassTally): ClassTally {
  const less = (xs: readonly number[], ys: readonly number[]) => xs.map((x, index) => x - (ys[index] ?? 0));
  const states = { ...a.states };
  for (const state of Object.keys(states) as (keyof typeof states)[]) states[state] -= b.states[state];
  return {
    leases: a.leases - b.leases,
    states,
    expiring: less(a.expiring, b.expiring),
    warn: a.warn - b.warn,
    critical: a.critical - b.critical,
    ended: a.ended - b.ended,
    byAge: less(a.byAge, b.byAge),
    heard: a.heard - b.heard,
    stalled: a.stalled - b.stalled,
    nextExpiry: undefined,
  };
}
