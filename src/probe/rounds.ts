import pLimit from 'p-limit';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import { createPacer } from './pacer.ts';
import type { ProbeOutcome } from './types.ts';

/** Outcomes that take the whole deadline. */
const WAITED_IN_VAIN: ReadonlySet<ProbeOutcome> = new Set(['silent', 'filtered']);

/** The part of all slots that hosts which wait in vain may take. */
const DEAD_SHARE = 1 / 4;

/** Probes that may begin in one turn of the event loop: each costs some hundred microseconds, mostly system calls. */
const STARTS_PER_TURN = 16;

export interface ProbeRoundsOptions<Item, Found> {
  /** Hosts that are probed at once from both queues together, at least 2; of these a quarter, at least 1, from the queue of the dead. */
  readonly concurrency: number;
  /** Names an item: two with the same key are the same host and port. */
  readonly key: (item: Item) => string;
  /** What the last probe of the host found; undefined when there was none. */
  readonly lastOutcome: (item: Item) => ProbeOutcome | undefined;
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

export interface ProbedRound {
  /** Hosts that gave a result. */
  readonly found: number;
  /** Hosts that were left out, because an earlier round was not done with them. */
  readonly skipped: number;
}

export interface ProbeRounds<Item> {
  /**
   * Probes each item once, unless an earlier round is not done with it: a host is never probed twice at once, and one
   * that is slow delays no other. Hosts that made the last probe wait in vain have separate slots, so that they
   * never delay those that answer. Resolves when all are done, at once after an abort; rejects when `work` or `onFound`
   * does, after all others are done.
   */
  run(items: Iterable<Item>, options: RoundOptions): Promise<ProbedRound>;
}

/** Rounds of probes that may overlap. */
export function createProbeRounds<Item, Found>(options: ProbeRoundsOptions<Item, Found>): ProbeRounds<Item> {
  const { concurrency, key, lastOutcome, work, onFound, clock } = options;
  const deadSlots = Math.max(1, Math.floor(concurrency * DEAD_SHARE));
  const deadQueue = pLimit(deadSlots);
  const liveQueue = pLimit(Math.max(1, concurrency - deadSlots));
  const pass = createPacer(STARTS_PER_TURN);
  const underWay = new Set<string>();

  async function probe(item: Item, signal: AbortSignal): Promise<number> {
    await pass();
    if (signal.aborted) return 0;
    const found = await work(item, signal);
    if (found === undefined) return 0;
    onFound(item, found);
    return 1;
  }

  return {
    async run(items, { spread, signal }) {
      const hosts = new Map<string, Item>();
      for (const item of items) hosts.set(key(item), item);
      const free = [...hosts].filter(([name]) => !underWay.has(name));
      for (const [name] of free) underWay.add(name);
      const probes: Promise<number>[] = [];
      for (const { name, item, due } of schedule(free, spread, options)) {
        const wait = due - clock.monotonic();
        if (wait > 0) await sleep(millis(wait), signal);
        const outcome = lastOutcome(item);
        const queue = outcome !== undefined && WAITED_IN_VAIN.has(outcome) ? deadQueue : liveQueue;
        probes.push(queue(probe, item, signal).finally(() => underWay.delete(name)));
      }
      return { found: await sum(probes), skipped: hosts.size - free.length };
    },
  };
}

interface Start<Item> {
  readonly name: string;
  readonly item: Item;
  /** Time of the monotonic clock before which it must not start. */
  readonly due: number;
}

/** Draws a start for each host, and puts the earliest first. */
function schedule<Item>(
  hosts: readonly (readonly [name: string, item: Item])[],
  spread: number,
  { clock, random }: { clock: Clock; random: Random },
): Start<Item>[] {
  const now = clock.monotonic();
  const range = Math.floor(spread);
  const starts = hosts.map(([name, item]) => ({ name, item, due: range > 0 ? now + random.int(range) : now }));
  return starts.sort((a, b) => a.due - b.due);
}

/** Waits for all and adds up. @throws the first rejection, after all are done */
async function sum(runs: readonly Promise<number>[]): Promise<number> {
  await Promise.allSettled(runs);
  const values = await Promise.all(runs);
  return values.reduce((total, value) => total + value, 0);
}
