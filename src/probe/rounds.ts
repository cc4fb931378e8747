import { type Clock, sleep } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { createPacer } from './pacer.ts';
import type { ProbeOutcome } from './types.ts';

/** `live`: hosts that answered the last time, or were never asked. `dead`: those that made the probe wait in vain. */
export const LANES = ['live', 'dead'] as const;
export type Lane = (typeof LANES)[number];

/** Outcomes that take the whole deadline. */
const WAITED_IN_VAIN: ReadonlySet<ProbeOutcome> = new Set(['silent', 'filtered']);

/** The part of all slots that hosts which wait in vain may take. */
const DEAD_SHARE = 1 / 4;

/** Probes that begin in one turn of the event loop: a few milliseconds of work. */
const STARTS_PER_TURN = 16;

export interface ProbeRoundsOptions<Item, Found> {
  /** Hosts that are probed at once in both lanes together, at least 2; of these a quarter, at least 1, for the dead lane. */
  readonly concurrency: number;
  /** Names an item: two with the same key are the same host and port. */
  readonly key: (item: Item) => string;
  /**
   * Probes one host. MUST end at once when the signal aborts, by itself at some time, and never reject;
   * gives undefined when it has nothing to say, as after an abort.
   */
  readonly work: (item: Item, signal: AbortSignal) => Promise<Found | undefined>;
  /** Takes each result as it comes, in no order. */
  readonly onFound: (item: Item, found: Found) => void;
  readonly clock: Clock;
  readonly random: Random;
}

export interface RoundOptions {
  /** Milliseconds over which the starts are spread by chance; 0 starts as many as there are slots at once. */
  readonly spread: number;
  readonly signal: AbortSignal;
}

export interface RoundReport {
  /** Hosts that gave a result. */
  readonly found: number;
  /** Lanes whose last round still ran, with hosts waiting in this one, which were left out. */
  readonly skipped: readonly Lane[];
}

export interface ProbeRounds<Item> {
  /**
   * Probes each item once, unless the lane that it belongs to is still busy with an earlier round.
   * The lanes share no slots, so that hosts which do not answer never delay those that do, and a host is never probed
   * twice at once. Resolves when both lanes are done, at once after an abort; rejects when `work` or `onFound` does,
   * after all others are done.
   */
  run(items: Iterable<Item>, options: RoundOptions): Promise<RoundReport>;
}

/** Rounds of probes that remember which hosts did not answer the last time. */
export function createProbeRounds<Item, Found extends { readonly outcome: ProbeOutcome }>(
  options: ProbeRoundsOptions<Item, Found>,
): ProbeRounds<Item> {
  const { concurrency, key } = options;
  const deadSlots = Math.max(1, Math.floor(concurrency * DEAD_SHARE));
  const slots: Readonly<Record<Lane, number>> = { dead: deadSlots, live: Math.max(1, concurrency - deadSlots) };
  const busy = new Set<Lane>();
  const pass = createPacer(STARTS_PER_TURN);
  let dead = new Set<string>();
  const remember = (item: Item, found: Found): void => {
    if (WAITED_IN_VAIN.has(found.outcome)) dead.add(key(item));
    else dead.delete(key(item));
    options.onFound(item, found);
  };

  async function runLane(lane: Lane, items: readonly Item[], { spread, signal }: RoundOptions): Promise<number> {
    busy.add(lane);
    try {
      return await drain(schedule(items, spread, options), slots[lane], signal, {
        ...options,
        onFound: remember,
        pass,
      });
    } finally {
      busy.delete(lane);
    }
  }

  return {
    async run(items, round) {
      const hosts = new Map<string, Item>();
      for (const item of items) hosts.set(key(item), item);
      // Those that are gone need not be remembered, unless one still stands in the lane: were it forgotten and came
      // back, it would run in both lanes.
      if (!busy.has('dead')) dead = new Set([...dead].filter((name) => hosts.has(name)));
      const members: Readonly<Record<Lane, Item[]>> = { live: [], dead: [] };
      for (const [name, item] of hosts) members[dead.has(name) ? 'dead' : 'live'].push(item);
      const waiting = LANES.filter((lane) => members[lane].length > 0);
      const skipped = waiting.filter((lane) => busy.has(lane));
      const lanes = waiting.filter((lane) => !busy.has(lane));
      const found = await sum(lanes.map((lane) => runLane(lane, members[lane], round)));
      return { found, skipped };
    },
  };
}

interface Start<Item> {
  readonly item: Item;
  /** Time of the monotonic clock before which it must not start. */
  readonly due: number;
}

/** Draws a start for each item, and puts the earliest first. */
function schedule<Item>(
  items: readonly Item[],
  spread: number,
  { clock, random }: { clock: Clock; random: Random },
): Start<Item>[] {
  const now = clock.monotonic();
  const range = Math.floor(spread);
  const starts = items.map((item) => ({ item, due: range > 0 ? now + random.int(range) : now }));
  return starts.sort((a, b) => a.due - b.due);
}

/** Works through the starts with so many at once. @returns how many gave a result */
async function drain<Item, Found>(
  starts: readonly Start<Item>[],
  slots: number,
  signal: AbortSignal,
  { work, onFound, clock, pass }: ProbeRoundsOptions<Item, Found> & { pass: () => Promise<void> },
): Promise<number> {
  const queue = starts.values();
  // The starts are in order, so that only the first of those that wait needs a timer.
  let turn = Promise.resolve();
  const waitUntil = async (due: number): Promise<void> => {
    const wait = due - clock.monotonic();
    if (wait > 0) await sleep(wait, signal);
    await pass();
  };
  async function useSlot(): Promise<number> {
    let found = 0;
    for (const { item, due } of queue) {
      turn = turn.then(() => waitUntil(due));
      await turn;
      if (signal.aborted) break;
      const result = await work(item, signal);
      if (result === undefined) continue;
      found += 1;
      onFound(item, result);
    }
    return found;
  }
  return sum(Array.from({ length: Math.min(slots, starts.length) }, useSlot));
}

/** Waits for all and adds up. @throws the first rejection, after all are done */
async function sum(runs: readonly Promise<number>[]): Promise<number> {
  await Promise.allSettled(runs);
  const values = await Promise.all(runs);
  return values.reduce((total, value) => total + value, 0);
}
