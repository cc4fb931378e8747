import type { Seconds } from '../../kernel/time.ts';
import { isLongRun, isTrying, runStartOf } from '../../leases/retrying.ts';
import { Soonest } from '../../leases/soonest.ts';
import { isHeard, isSilent, type Renewals } from '../../leases/stalled.ts';
import { countedState, isForgotten } from '../../leases/state.ts';
import { type ClassTally, countLease, emptyTally } from '../../leases/tally.ts';
import type { CountedState } from '../../leases/types.ts';
import { CLASSES } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from '../leases/state.ts';
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
  /** By class, not yet cumulative. */
  readonly tallies: readonly ClassTally[];
  readonly soonest: Soonest;
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

/** Counts all leases in one pass over the columns: some 50 ms for a million. @param now seconds since the epoch */
export function countLeases(state: State, now: Seconds): LeaseCount {
  const { table, settings } = state;
  const machineOf = (no: number): number => state.names.machines.machineOf(no);
  const tallies = CLASSES.map(emptyTally);
  const soonest = new Soonest(settings.seriesLimit);
  const retrying = new Map<number, Retrying>();
  // Plain arrays: a map or a set that is asked for each of a million leases costs as much as all else.
  const renewals: Renewals[] = [];
  const served: true[] = [];
  const intervals = new Intervals(state, now);
  const move = movedIn(state, now);
  const progress = move && new Progress(move);
  const newest = newestRequests(state, now, move);
  let running = 0;
  const run = (id: number, key: number, expiry: number): void => {
    running += 1;
    soonest.offer(id, expiry);
    addRenewal(state, id, key, newest[key & 3] ?? 0, now, renewals);
  };
  const take = (id: number): void => {
    const cls = table.cls(id);
    const tally = tallies[cls];
    if (tally === undefined) return;
    const expiry = table.expiry(id);
    const isRunning = expiry > now;
    if (progress?.leavesOut(id, cls, machineOf(table.machine.get(id)), isRunning || expiry === 0)) return;
    const key = table.host.get(id) * 4 + cls;
    const lease = stateIn(state, id, expiry, now);
    // Machines that were gone before they could move need no host any more.
    if (isRunning && (move === undefined || !isSilent(table.last.get(id), now, settings.leases))) served[key] = true;
    // Of a non-persistent desktop, nothing is said about the lease.
    if (!table.isEphemeral(id)) {
      countLease(tally, lease, expiry || undefined, now, settings.leases);
      if (isRunning) run(id, key, expiry);
    }
    addIfRetrying(state, id, lease, intervals, now, retrying);
  };
  for (let id = 1; id < table.length; id++) if (isCounted(state, id, now)) take(id);
  return {
    tallies,
    soonest,
    running,
    retrying,
    renewals: new Map(renewals.flatMap((sums, key) => [[key, sums] as const])),
    served: new Set(served.flatMap((_, key) => key)),
    moved: progress?.leases ?? [],
    migration: progress?.count(),
  };
}

/** By machine: it has moved if one of its leases shows it. */
class Progress {
  readonly #moved: Moved;
  readonly #machines = new Map<number, boolean>();
  /** By class: those that it left out. */
  readonly leases = CLASSES.map(() => 0);

  constructor(moved: Moved) {
    this.#moved = moved;
  }

  /** Takes a lease. @returns whether it counts no more; that one of a machine that fell silent has ended is still said */
  leavesOut(id: number, cls: number, machine: number, hasNotEnded: boolean): boolean {
    const how = this.#moved.how(id);
    this.#machines.set(machine, how !== undefined || this.#machines.get(machine) === true);
    const isLeftOut = how === 'told' || (how === 'silent' && hasNotEnded);
    if (isLeftOut) this.leases[cls] = (this.leases[cls] ?? 0) + 1;
    return isLeftOut;
  }

  count(): MigrationCount {
    const moved = [...this.#machines.values()].filter(Boolean).length;
    return { moved, left: this.#machines.size - moved, isGuessed: this.#moved.isGuessed };
  }
}

/** @param expiry 0 if it has none */
function stateIn({ table, settings }: State, id: number, expiry: number, now: Seconds): CountedState {
  if (expiry === 0 && table.isOtherLicense(id)) return 'other_license';
  return countedState(expiry || undefined, table.isDoubted(id), now, settings.leases);
}

/** Neither superseded nor retired nor forgotten. */
export function isCounted({ table, settings }: State, id: number, now: Seconds): boolean {
  return table.isIncluded(id) && !isForgotten(table.last.get(id), table.isEphemeral(id), now, settings.leases);
}

/** The activation intervals of hosts at a moment. */
class Intervals {
  readonly #state: State;
  readonly #now: Seconds;
  readonly #known: number[] = [];

  constructor(state: State, now: Seconds) {
    this.#state = state;
    this.#now = now;
  }

  of(host: number): number {
    const interval = this.#known[host] ?? this.#state.activationInterval(host, this.#now);
    this.#known[host] = interval;
    return interval;
  }
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
function newestRequests(state: State, now: Seconds, moved: Moved | undefined): readonly number[] {
  const newest = CLASSES.map(() => 0);
  for (let id = 1; id < state.table.length; id++) {
    const last = state.table.last.get(id);
    const cls = state.table.cls(id);
    if (last <= (newest[cls] ?? 0) || state.table.isEphemeral(id) || !isCounted(state, id, now)) continue;
    if (moved?.how(id) === 'told') continue;
    newest[cls] = Math.max(newest[cls] ?? 0, lastUntil(state, id, now));
  }
  return newest;
}

function addRenewal(state: State, id: number, key: number, newest: number, now: Seconds, renewals: Renewals[]): void {
  const { settings } = state;
  const last = lastUntil(state, id, now);
  if (last === 0 || !isHeard(last, newest, settings.leases)) return;
  renewals[key] ??= { heard: 0, stalled: 0 };
  const sum = renewals[key];
  sum.heard += 1;
  if (isSilent(last, now, settings.leases)) sum.stalled += 1;
}

function addIfRetrying(
  state: State,
  id: number,
  lease: CountedState,
  intervals: Intervals,
  now: Seconds,
  sums: Map<number, Retrying>,
): void {
  const { table } = state;
  const previous = table.previous.get(id);
  if (previous === 0) return;
  const interval = intervals.of(table.host.get(id));
  if (isTrying(lease, table.isFailed(id), table.last.get(id), previous, now, interval)) {
    addRetry(state, id, interval, now, sums);
  }
}

function addRetry(state: State, id: number, interval: number, now: Seconds, sums: Map<number, Retrying>): void {
  const { table } = state;
  const key = table.host.get(id) * 4 + table.cls(id);
  const sum = sums.get(key) ?? { retrying: 0, long: 0, skewed: 0 };
  sums.set(key, sum);
  sum.retrying += 1;
  if (!isLongRun(runStart(state, id, interval), now)) return;
  sum.long += 1;
  if (table.isClockOff(id)) sum.skewed += 1;
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
