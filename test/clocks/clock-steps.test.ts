import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/time.ts';
import { Dice } from '../conditions/dice.ts';
import { START, SteppedWorld } from './stepped-world.ts';

/** Of one run of the test; each has as many at random. */
const STEPS = Number(process.env['CLOCK_STEPS'] ?? 10);
const SEEDS = ['a', 'b', 'c', 'd', 'e'] as const;

/** Steps as they happen: by a daylight-saving mistake, a flat battery, a restored snapshot, a wrong year. */
const SIZES = [5 * SECOND_MS, 50 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS, DAY_MS, 3 * DAY_MS];
const LARGE = [40 * DAY_MS, 190 * DAY_MS, 366 * DAY_MS, 401 * DAY_MS, 3660 * DAY_MS, 11_000 * DAY_MS];

interface Step {
  /** Milliseconds until then, while the agent runs; and for which it is away then. */
  readonly after: number;
  readonly away: number;
  readonly off: number;
}

function stepsOf(seed: string): readonly Step[] {
  const dice = new Dice(seed);
  return Array.from({ length: STEPS }, () => ({
    after: dice.pick([20 * SECOND_MS, 3 * MINUTE_MS, 17 * MINUTE_MS, 47 * MINUTE_MS, 100 * MINUTE_MS]),
    away: dice.chance(0.2) ? dice.pick([SECOND_MS, 10 * MINUTE_MS, HOUR_MS]) : 0,
    off: dice.chance(0.25) ? 0 : dice.pick([-1, 1]) * dice.pick([...SIZES, ...LARGE]),
  }));
}

/** @param isStepped otherwise all is the same, but the clock is right */
async function run(steps: readonly Step[], isStepped: boolean): Promise<SteppedWorld> {
  vi.setSystemTime(START);
  const world = new SteppedWorld();
  await world.start();
  for (const { after, away, off } of steps) {
    await vi.advanceTimersByTimeAsync(after);
    if (away > 0) {
      await world.stop();
      await vi.advanceTimersByTimeAsync(away);
    }
    if (isStepped) world.off = off;
    if (away > 0) await world.start();
  }
  world.off = 0;
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS);
  return world;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

it.each(SEEDS)(`goes through ${STEPS} steps of the clock as if there were none (%s)`, async (seed) => {
  const steps = stepsOf(seed);
  const right = await run(steps, false);
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  const stepped = await run(steps, true);

  expect(stepped.stored()).toEqual(right.stored());
  expect(stepped.told).toEqual(right.told);
  const names = ({ open }: SteppedWorld) => open.map(({ name, subject, firing }) => ({ name, subject, firing }));
  expect(names(stepped)).toEqual(names(right));
  // A clock that is wrong by less than a minute is followed.
  for (const [index, { since }] of stepped.open.entries()) {
    expect(Math.abs(since - (right.open[index]?.since ?? 0))).toBeLessThanOrEqual(2 * MINUTE_MS);
  }
  const gaps = stepped.polls.flatMap(({ at, isFirst }, index) =>
    isFirst ? [] : [at - (stepped.polls[index - 1]?.at ?? at)],
  );
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * MINUTE_MS);
  expect(Math.abs(stepped.polls.length - right.polls.length)).toBeLessThan(STEPS);
  await Promise.all([right.stop(), stepped.stop()]);
});
