import { describe, expect, it, test } from 'vitest';
import { DAY_S, HOUR_S, MINUTE_S, type Seconds, seconds } from '../kernel/time.ts';
import { historyAfter, historyUnder, isComing, type LogEdge } from './log-history.ts';

const NOW = seconds(1_800_000_000);

/** Sends records one after the other. @returns after each, whether a history is coming in */
function sent(...arrivals: readonly (readonly [at: number, event: number])[]): readonly boolean[] {
  let edge: LogEdge = {};
  return arrivals.map(([at, event]) => {
    const [now, newest] = [seconds(NOW + at), seconds(NOW + event)];
    const historyAt = historyAfter(edge, newest, now);
    edge = { historyAt, lastArrival: now, lastEvent: seconds(Math.max(edge.lastEvent ?? newest, newest)) };
    return isComing(historyAt, now);
  });
}

test('a history is coming in from its first record until one is less than an hour old', () => {
  expect(sent([0, -400 * DAY_S], [1, -200 * DAY_S], [2, -HOUR_S - 1], [3, -HOUR_S + 10])).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('a log that is read as it is written has no history', () => {
  expect(sent([0, -1], [DAY_S, DAY_S - 5])).toEqual([false, false]);
});

test('so has the backlog of a shipper that was away, and not one late record', () => {
  const back = 6 * HOUR_S;
  expect(sent([0, -1], [back, 10 * MINUTE_S], [back + 1, HOUR_S], [back + 2, 5 * HOUR_S + 10])).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect(sent([0, -1], [back, -DAY_S])).toEqual([false, false]);
});

test('a history that comes newest first within itself goes on', () => {
  expect(sent([0, -10 * DAY_S], [1, -20 * DAY_S], [100, -30 * DAY_S])).toEqual([true, true, true]);
});

test('a log that comes hours late at the pace at which it is written is judged', () => {
  const late = Array.from({ length: 30 }, (_, n): readonly [number, number] => [30 * n, 30 * n - 2 * HOUR_S]);
  expect(sent(...late).lastIndexOf(true)).toBe(3);
});

it('is over after two minutes without a new record', () => {
  const at = (after: number): Seconds => seconds(NOW + after);
  expect([isComing(NOW, at(119)), isComing(NOW, at(120)), isComing(undefined, NOW)]).toEqual([true, false, false]);
});

describe('a host whose records came under two names', () => {
  it('has its history coming in as long as one of them has', () => {
    expect(historyUnder(seconds(NOW - 60), undefined, seconds(NOW - 9 * HOUR_S))).toBe(NOW - 60);
    expect(historyUnder(seconds(NOW - 60), seconds(NOW), undefined)).toBe(NOW);
    expect(historyUnder(undefined, undefined, seconds(NOW))).toBeUndefined();
  });

  it('is known up to now once a recent record came under either', () => {
    expect(historyUnder(seconds(NOW - 60), undefined, seconds(NOW - 120))).toBeUndefined();
  });
});
