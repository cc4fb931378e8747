import type { Seconds } from '../../kernel/time.ts';
import { getsNothing, isLongRun, isTrying, runStartOf } from '../../leases/retrying.ts';
import { Soonest } from '../../leases/soonest.ts';
import { isHeard, isSilent, type Renewals } from '../../leases/stalled.ts';
import { type ClassTally, LeaseTally } from '../../leases/tally.ts';
import { COUNTED_STATES, type LeaseSettings } from '../../leases/types.ts';
import { CLASSES } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import { CLASS, isEphemeral, isFailed } from '../leases/lease-bits.ts';
import type { State } from '../leases/state.ts';
import { type LeaseStates, OTHER_LICENSE } from './lease-states.ts';
import { type Moved, movedIn } from './moved.ts';

/** Numbers of retrying leases. */
export interface Retrying {
  retrying: number;
  /** Of them, those whose run has lasted for more than a day. */
  long: number;
  /** Of these, those whose last request showed a clock too far off. */
  skewed: number;
}

export interface LeaseCount {
  /** By class. */
  readonly tallies: readonly ClassTally[];
  /** Numbers of those that end soonest, soonest first. */
  readonly soonest: readonly number[];
  /** Leases that have not expired. */
  readonly running: number;
  /** By host * 4 + class. */
  readonly retrying: ReadonlyMap<number, Retrying>;
  /** The same, of unexpired leases. */
  readonly renewals: ReadonlyMap<number, Renewals>;
  /** Hosts and classes of unexpired leases; while a fleet moves, of those that still renew. */
  readonly served: ReadonlySet<number>;
  /** By class: leases of machines that have moved, which are in nothing of the above. */
  readonly moved: readonly number[];
  /** Undefined while nothing moves. */
  readonly migration: MigrationCount | undefined;
}

/** Machines that still renew as before, and those that have moved. */
export interface MigrationCount {
  readonly moved: number;
  readonly left: number;
  readonly isGuessed: boolean;
}

/**
 * Counts all leases: some 60 ms for a million. Each pass over the columns does so little that all of it becomes one loop
 * of machine code; one pass for everything takes half as long again.
 * @param states as they are now @param now seconds since the epoch
 */
export function countLeases(state: State, states: LeaseStates, now: Seconds): LeaseCount {
  const move = movedIn(state, now);
  const moved = move && countMoved(state, states, move, now);
  const newest = newestRequests(state, states, now, move);
  // Of machines that have moved, nothing else is counted.
  const left = moved === undefined ? states : states.map((lease, id) => (moved.leftOut.has(id) ? 0 : lease));
  return {
    tallies: tallyLeases(state, left, now),
    ...countRunning(state, left, newest, now, move !== undefined),
    retrying: countRetrying(state, left, now),
    moved: moved?.leases ?? [],
    migration: moved?.migration,
  };
}

function tallyLeases({ table, settings }: State, states: LeaseStates, now: Seconds): readonly ClassTally[] {
  const { flags, confirmed, presumed } = table.columns;
  const tallies = CLASSES.map(() => new LeaseTally(now, settings.leases));
  for (let id = 1; id < table.length; id++) {
    const lease = states[id] ?? 0;
    const bits = flags[id] ?? 0;
    // Of a non-persistent desktop, nothing is said about the lease.
    if (lease === 0 || isEphemeral(bits)) continue;
    const expiry = lease === OTHER_LICENSE ? 0 : Math.max(confirmed[id] ?? 0, presumed[id] ?? 0);
    tallies[bits & CLASS]?.add(lease - 1, expiry);
  }
  return tallies.map((tally) => tally.counted());
}

/** Leases that have not expired. @param newest by class: the time of the newest request */
function countRunning(state: State, states: LeaseStates, newest: readonly number[], now: Seconds, isMoving: boolean) {
  const { table, settings } = state;
  const { flags, confirmed, presumed, host } = table.columns;
  const soonest = new Soonest(settings.seriesLimit);
  const hosts = new HostSums(settings.leases, now, isMoving);
  let running = 0;
  for (let id = 1; id < table.length; id++) {
    const expiry = Math.max(confirmed[id] ?? 0, presumed[id] ?? 0);
    if (expiry <= now || (states[id] ?? 0) <= OTHER_LICENSE) continue;
    const bits = flags[id] ?? 0;
    const cls = bits & CLASS;
    const key = (host[id] ?? 0) * 4 + cls;
    hosts.serve(key, table.last.get(id));
    if (isEphemeral(bits)) continue;
    running += 1;
    if (expiry < soonest.latest) soonest.offer(id, expiry);
    hosts.add(key, lastUntil(state, id, now), newest[cls] ?? 0);
  }
  return { soonest: soonest.leases, running, served: hosts.served(), renewals: hosts.renewals() };
}

/** By host * 4 + class; in plain arrays, as a map that is asked for each of a million leases takes as long as all else. */
class HostSums {
  readonly #served: true[] = [];
  readonly #heard: number[] = [];
  readonly #stalled: number[] = [];
  readonly #settings: LeaseSettings;
  readonly #now: Seconds;
  readonly #isMoving: boolean;

  constructor(settings: LeaseSettings, now: Seconds, isMoving: boolean) {
    this.#settings = settings;
    this.#now = now;
    this.#isMoving = isMoving;
  }

  /** Machines that were gone before they could move need no host any more. @param last time of the last request */
  serve(key: number, last: number): void {
    if (!this.#isMoving || !isSilent(last, this.#now, this.#settings)) this.#served[key] = true;
  }

  /** @param last time of the last request up to now; 0 if there is none @param newest that of the class */
  add(key: number, last: number, newest: number): void {
    if (last === 0 || !isHeard(last, newest, this.#settings)) return;
    this.#heard[key] = (this.#heard[key] ?? 0) + 1;
    if (isSilent(last, this.#now, this.#settings)) this.#stalled[key] = (this.#stalled[key] ?? 0) + 1;
  }

  served(): ReadonlySet<number> {
    return new Set(this.#served.flatMap((_, key) => key));
  }

  renewals(): ReadonlyMap<number, Renewals> {
    return new Map(this.#heard.flatMap((heard, key) => [[key, { heard, stalled: this.#stalled[key] ?? 0 }] as const]));
  }
}

/** Leases that ask again and again and do not get what they ask for, by host * 4 + class. */
function countRetrying(state: State, states: LeaseStates, now: Seconds): ReadonlyMap<number, Retrying> {
  const { table } = state;
  const { flags, last, previous, host } = table.columns;
  const sums = new Map<number, Retrying>();
  const intervals: number[] = [];
  for (let id = 1; id < table.length; id++) {
    const lease = COUNTED_STATES[(states[id] ?? 0) - 1];
    const before = previous[id] ?? 0;
    if (lease === undefined || before === 0 || !getsNothing(lease, isFailed(flags[id] ?? 0))) continue;
    const no = host[id] ?? 0;
    const interval = intervals[no] ?? state.activationInterval(no, now);
    intervals[no] = interval;
    if (isTrying(last[id] ?? 0, before, now, interval)) addRetrying(state, id, sums, interval, now);
  }
  return sums;
}

function addRetrying(state: State, id: number, sums: Map<number, Retrying>, interval: number, now: Seconds): void {
  const { table } = state;
  const key = table.host.get(id) * 4 + table.cls(id);
  const sum = sums.get(key) ?? { retrying: 0, long: 0, skewed: 0 };
  sums.set(key, sum);
  sum.retrying += 1;
  if (!isLongRun(runStart(state, id, interval), now)) return;
  sum.long += 1;
  if (table.isClockOff(id)) sum.skewed += 1;
}

/** A machine has moved if one of its leases shows it. */
function countMoved({ table, names }: State, states: LeaseStates, moved: Moved, now: Seconds) {
  const machines = new Map<number, boolean>();
  const leases = CLASSES.map(() => 0);
  const leftOut = new Set<number>();
  for (let id = 1; id < table.length; id++) {
    if (states[id] === 0) continue;
    const how = moved.how(id);
    const machine = names.machines.machineOf(table.machine.get(id));
    machines.set(machine, how !== undefined || machines.get(machine) === true);
    const expiry = table.expiry(id);
    // That the lease of a machine that fell silent has ended is still said.
    if (how !== 'told' && !(how === 'silent' && (expiry === 0 || expiry > now))) continue;
    leftOut.add(id);
    const cls = table.cls(id);
    leases[cls] = (leases[cls] ?? 0) + 1;
  }
  const count = [...machines.values()].filter(Boolean).length;
  return { leftOut, leases, migration: { moved: count, left: machines.size - count, isGuessed: moved.isGuessed } };
}

/** Time of the last request of a lease up to a time; 0 if there is none. Asked of the few that a host with a fast clock dates ahead. */
function lastUntil(state: State, id: number, until: number): number {
  const { table } = state;
  const last = table.last.get(id);
  if (last <= until) return last;
  const previous = table.previous.get(id);
  if (previous !== 0 && previous <= until) return previous;
  return lastRequestUntil(state, id, until)?.time ?? 0;
}

/** The last request of a lease up to a time. */
export function lastRequestUntil(
  { table, records, duplicates }: State,
  id: number,
  until: number,
): StoredRequest | undefined {
  const client = table.client.get(id);
  const machine = duplicates.has(client) ? table.machine.get(id) : undefined;
  return records.lastUntil(client, table.product.get(id), machine, until);
}

/** By class: the time of the newest request up to now. */
function newestRequests(state: State, states: LeaseStates, now: Seconds, moved: Moved | undefined): readonly number[] {
  const { flags, last } = state.table.columns;
  const newest = CLASSES.map(() => 0);
  for (let id = 1; id < state.table.length; id++) {
    const [bits, time] = [flags[id] ?? 0, last[id] ?? 0];
    const cls = bits & CLASS;
    if (time <= (newest[cls] ?? 0) || states[id] === 0 || isEphemeral(bits) || moved?.how(id) === 'told') continue;
    newest[cls] = time <= now ? time : Math.max(newest[cls] ?? 0, lastUntil(state, id, now));
  }
  return newest;
}

/** Of a lease whose host has another interval than the configured one it is looked up. */
function runStart(state: State, id: number, interval: number): number {
  const { table, settings, records, names, duplicates } = state;
  if (interval === settings.leases.activationInterval) return table.runStart.get(id);
  const client = table.client.get(id);
  const [product, machine] = [table.product.get(id), table.machine.get(id)];
  const own = records
    .ofClient(client, names.clients.guidOf(client))
    .filter((one) => one.product === product && (!duplicates.has(client) || one.machineNo === machine));
  return runStartOf(own.map(({ time }) => time).reverse(), interval) ?? table.runStart.get(id);
}
