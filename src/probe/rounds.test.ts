import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FOREVER } from '../../test/support/patient.ts';
import { sleep, systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import { createProbeRounds, type ProbeRoundsOptions } from './rounds.ts';
import type { ProbeOutcome } from './types.ts';

interface Found {
  readonly outcome: ProbeOutcome;
}

// Time goes on to the next timer whenever nothing else is to do, so that timers end in their order on any machine.
beforeAll(() => {
  vi.useFakeTimers().setTimerTickMode('nextTimerAsync');
});
afterAll(() => {
  vi.useRealTimers();
});

const NEVER = new AbortController().signal;
const AT_ONCE = { spread: 0, signal: NEVER };

/** Rounds over host names; those that begin with `dead` are silent for `wait`, all others are ok at once. */
function rounds(changes: Partial<ProbeRoundsOptions<string, Found>> = {}, wait = 100) {
  const found: string[] = [];
  const active = new Map<string, number>();
  const most = { total: 0, dead: 0, same: 0 };
  const outcomes = new Map<string, ProbeOutcome>();
  const all = createProbeRounds<string, Found>({
    concurrency: 8,
    key: (host) => host,
    lastOutcome: (host) => outcomes.get(host),
    work: async (host, signal) => {
      active.set(host, (active.get(host) ?? 0) + 1);
      most.total = Math.max(most.total, active.size);
      most.dead = Math.max(most.dead, [...active.keys()].filter((name) => name.startsWith('dead')).length);
      most.same = Math.max(most.same, ...active.values());
      const dead = host.startsWith('dead');
      const whole = await sleep(millis(dead ? wait : 1), signal);
      active.delete(host);
      return whole ? { outcome: dead ? 'silent' : 'ok' } : undefined;
    },
    onFound: (host, { outcome }) => {
      outcomes.set(host, outcome);
      found.push(host);
    },
    clock: systemClock,
    random: systemRandom,
    ...changes,
  });
  return { all, found, most };
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

test('each host is probed once, no more at once than there are slots', async () => {
  const { all, found, most } = rounds();

  const report = await all.run([...names('host', 100), 'host1', 'host1'], AT_ONCE);

  expect(report).toEqual({ found: 100, skipped: 0 });
  expect(found.toSorted()).toEqual(names('host', 100).toSorted());
  expect(most).toMatchObject({ total: 6, same: 1 });
});

test('hosts that were silent get a quarter of the slots', async () => {
  const { all, most } = rounds({}, 20);
  const hosts = [...names('dead', 20), ...names('host', 20)];
  await all.run(hosts, AT_ONCE);
  most.dead = 0;

  await all.run(hosts, AT_ONCE);

  expect(most.dead).toBe(2);
  expect(most.total).toBeLessThanOrEqual(8);
});

test('2,000 silent hosts do not delay one that answers', async () => {
  let found: string[] = [];
  const dead = names('dead', 2000);
  const { all } = rounds(
    {
      concurrency: 512,
      work: (host, signal) => (host === 'host' ? answer() : silence(signal, 50)),
      lastOutcome: (host) => (host === 'host' ? 'ok' : 'silent'),
      onFound: (host) => {
        found.push(host);
      },
    },
    50,
  );
  await all.run([...dead, 'host'], AT_ONCE);
  found = [];

  const report = await all.run([...dead, 'host'], AT_ONCE);

  expect(report.found).toBe(2001);
  expect(found).toHaveLength(2001);
  expect(found[0]).toBe('host');
});

test('hosts that an earlier round is not done with are left out, and no other waits for them', async () => {
  const { all, found, most } = rounds({}, 200);
  const hosts = ['dead0', 'dead1', 'dead2', 'host0'];
  await all.run(hosts, AT_ONCE);
  found.length = 0;

  const first = all.run(hosts, AT_ONCE);
  await sleep(millis(50), NEVER);
  const second = await all.run([...hosts, 'host1'], AT_ONCE);

  expect(second).toEqual({ found: 2, skipped: 3 });
  expect(await first).toEqual({ found: 4, skipped: 0 });
  expect(found.slice(0, 3)).toEqual(['host0', 'host0', 'host1']);
  expect(most.same).toBe(1);
});

test('a host that is slow, and answers, delays no other', async () => {
  const { all, found } = rounds({
    work: async (host, signal) => {
      await sleep(millis(host === 'slow' ? 300 : 1), signal);
      return { outcome: 'ok' };
    },
  });
  const first = all.run(['slow', 'host0'], AT_ONCE);
  await sleep(millis(20), NEVER);
  expect(await all.run(['slow', 'host0'], AT_ONCE)).toEqual({ found: 1, skipped: 1 });
  expect(await all.run(['slow', 'host0'], AT_ONCE)).toEqual({ found: 1, skipped: 1 });
  await first;
  expect(found).toEqual(['host0', 'host0', 'host0', 'slow']);
});

test('a host that answers again leaves the queue of the dead', async () => {
  const lanes: string[] = [];
  let outcome: ProbeOutcome = 'filtered';
  const { all } = rounds({
    concurrency: 2,
    work: async (host, signal) => {
      lanes.push(host);
      await sleep(millis(host === 'other' ? 100 : 1), signal);
      return { outcome: host === 'other' ? 'silent' : outcome };
    },
  });
  await all.run(['other', 'host'], AT_ONCE);
  // Both in the dead lane, which has one slot: the host waits for the other one.
  lanes.length = 0;
  outcome = 'ok';
  await all.run(['other', 'host'], AT_ONCE);
  const running = all.run(['other', 'host'], AT_ONCE);
  await sleep(millis(30), NEVER);
  expect(lanes).toEqual(['other', 'host', 'other', 'host']);
  await running;
});

test('starts are spread by chance', async () => {
  const starts = new Map<string, number>();
  const offsets = [80, 0, 40];
  const { all } = rounds({
    work: async (host) => {
      starts.set(host, systemClock.now() - started);
      return { outcome: 'ok' };
    },
    random: {
      bytes: systemRandom.bytes,
      int: (limit) => (limit === 100 ? (offsets.shift() ?? 0) : 0),
    },
  });
  const started = systemClock.now();

  await all.run(['a', 'b', 'c'], { spread: 100, signal: NEVER });

  expect([...starts]).toEqual([
    ['b', 0],
    ['c', 40],
    ['a', 80],
  ]);
});

test('an abort ends the round at once, and nothing begins after it', async () => {
  const stop = new AbortController();
  let begun = 0;
  const { all, found } = rounds({
    work: async (_, signal) => {
      begun += 1;
      await sleep(FOREVER, signal);
      return undefined;
    },
  });
  const running = all.run(names('host', 100), { spread: FOREVER, signal: stop.signal });
  const other = rounds({}, FOREVER).all.run(names('dead', 100), { spread: 0, signal: stop.signal });
  await sleep(millis(50), NEVER);
  const before = begun;
  stop.abort();

  expect(await running).toEqual({ found: 0, skipped: 0 });
  expect(await other).toEqual({ found: 0, skipped: 0 });
  expect(begun).toBe(before);
  expect(found).toEqual([]);
});

test('a mistake in the work comes to light after all others are done', async () => {
  const { all, found } = rounds({
    work: async (host) => {
      if (host === 'host1') throw new Error('a mistake');
      return { outcome: 'ok' };
    },
  });

  await expect(all.run(names('host', 20), AT_ONCE)).rejects.toThrow('a mistake');
  expect(found).toHaveLength(19);
  await expect(all.run(['host0'], AT_ONCE)).resolves.toEqual({ found: 1, skipped: 0 });
});

async function answer(): Promise<Found> {
  return { outcome: 'ok' };
}

async function silence(signal: AbortSignal, wait: number): Promise<Found | undefined> {
  return (await sleep(millis(wait), signal)) ? { outcome: 'silent' } : undefined;
}
