import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { type Logger, silentLogger } from '../kernel/logger.ts';
import { DAY_MS, MINUTE_MS, millis, SECOND_MS } from '../kernel/time.ts';
import { exclusive, Loop, LoopHistory, type LoopOptions } from './loop.ts';
import { scheduleOf } from './schedule.ts';

const NEVER = '0 0 1 1 *';

function loop(round: LoopOptions['round'], history = new LoopHistory(), logger: Logger = silentLogger): Loop {
  return new Loop({
    name: 'test',
    schedule: NEVER,
    round,
    history,
    clock: systemClock,
    wallClock: systemClock,
    logger,
  });
}

describe('a loop', () => {
  it('runs its first round at once, and remembers how it went', async () => {
    const history = new LoopHistory();
    const firsts: boolean[] = [];
    const tested = loop(async ({ first }) => {
      firsts.push(first);
      return { ran: true, skipped: 0 };
    }, history);
    await tested.start();
    await tested.stop();
    expect(firsts).toEqual([true]);
    expect(history.duration).toBeGreaterThanOrEqual(0);
    expect(history.lastEnd).toBeGreaterThan(0);
  });

  it('aborts the round that runs when it is stopped, and waits for it', async () => {
    const history = new LoopHistory();
    let ended = false;
    const tested = loop(async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
      return { ran: true, skipped: 0 };
    }, history);
    const started = tested.start();
    await tested.stop();
    expect(ended).toBe(true);
    await started;
    expect(history.lastEnd).toBeUndefined();
  });

  it('logs a round that throws, and does not count it', async () => {
    const messages: string[] = [];
    const history = new LoopHistory();
    const logger = { ...silentLogger, error: (_fields: object, message: string) => messages.push(message) };
    const tested = loop(() => Promise.reject(new Error('bug')), history, logger);
    await tested.start();
    await tested.stop();
    expect([messages, history.lastEnd]).toEqual([['round failed'], undefined]);
  });

  it('runs again by its schedule', async () => {
    let rounds = 0;
    const tested = new Loop({
      name: 'test',
      schedule: '* * * * * *',
      round: async () => {
        rounds += 1;
        return { ran: true, skipped: 0 };
      },
      history: new LoopHistory(),
      clock: systemClock,
      wallClock: systemClock,
      logger: silentLogger,
    });
    await tested.start();
    await expect.poll(() => rounds).toBeGreaterThan(1);
    await tested.stop();
  });
});

describe('a loop on a wall clock that is set', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['a minute back', -MINUTE_MS],
    ['150 s back', -150 * SECOND_MS],
    ['a day forward', DAY_MS],
    ['400 days forward', 400 * DAY_MS],
    ['30 years back', -30 * 365 * DAY_MS],
  ])('runs at its pace through %s, and there and back', async (_, step) => {
    let off = 0;
    const times: number[] = [];
    const wallClock = { now: () => millis(Date.now() + off) };
    const round = async () => {
      times.push(performance.now());
      return { ran: true, skipped: 0 };
    };
    const history = new LoopHistory();
    const schedule = '*/20 * * * * *';
    const tested = new Loop({
      name: 'test',
      schedule,
      round,
      history,
      clock: systemClock,
      wallClock,
      logger: silentLogger,
    });
    await tested.start();
    for (const next of [step, 0, step, 2 * step, 0]) {
      await vi.advanceTimersByTimeAsync(47_000);
      off = next;
    }
    await vi.advanceTimersByTimeAsync(100_000);
    await tested.stop();
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20_001);
    expect(times.length).toBeLessThan(335 / 20 + 8);
  });

  it('waits for a round that is more than 24.8 days away', async () => {
    // Schedules go by the local time.
    vi.setSystemTime(new Date(2026, 0, 1));
    let rounds = 0;
    const tested = loop(async () => {
      rounds += 1;
      return { ran: true, skipped: 0 };
    });
    await tested.start();
    await vi.advanceTimersByTimeAsync(364 * DAY_MS);
    expect(rounds).toBe(1);
    await vi.advanceTimersByTimeAsync(2 * DAY_MS);
    expect(rounds).toBe(2);
    await tested.stop();
  });
});

it('an exclusive round is skipped while the one before is running', async () => {
  let release = (): void => {};
  const round = exclusive(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  const context = { first: false, signal: new AbortController().signal };
  const running = round(context);
  expect(await round(context)).toEqual({ ran: false, skipped: 1 });
  release();
  expect(await running).toEqual({ ran: true, skipped: 0 });
  const next = round(context);
  release();
  expect(await next).toEqual({ ran: true, skipped: 0 });
});

test.each([
  ['* * * * *', 60_000],
  ['*/5 * * * *', 300_000],
  ['* * * * * *', 1000],
  ['0,10 * * * *', 50 * 60_000],
  ['*/5 8-17 * * *', 14 * 3600_000 + 5 * 60_000],
])('the period of %s is its largest gap', (expression, milliseconds) => {
  // Where no clock is put back soon, which makes a gap of an hour more.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 5, 1) });
  expect(scheduleOf(expression)).toEqual({ expression, period: milliseconds, limit: 3 * milliseconds });
  vi.useRealTimers();
});
