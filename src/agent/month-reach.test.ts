import { expect, it } from 'vitest';
import { DAY_S, type Seconds, seconds } from '../kernel/time.ts';
import { isReached } from './month-reach.ts';

const NOW = at('2026-11-20');

function at(day: string): Seconds {
  return seconds(Date.parse(day) / 1000);
}

function reached(...logs: Parameters<typeof isReached>[1]): readonly string[] {
  return ['2026-08', '2026-09', '2026-10'].filter((month) => isReached(month, logs, NOW));
}

const CAUGHT_UP = { lastEvent: at('2026-08-03'), lastArrival: NOW };

it('takes a log that caught up for known until it was last heard', () => {
  expect(reached(CAUGHT_UP)).toEqual(['2026-08', '2026-09', '2026-10']);
  expect(reached({ ...CAUGHT_UP, lastArrival: at('2026-10-05') })).toEqual(['2026-08', '2026-09']);
});

it('waits a week for the rest of a log whose history broke off, and then takes the month in which it ends', () => {
  const broken = { lastEvent: at('2026-09-12'), lastArrival: NOW, historyAt: seconds(NOW - 7 * DAY_S + 1) };
  expect(reached(broken)).toEqual(['2026-08']);
  expect(reached(broken, CAUGHT_UP)).toEqual(['2026-08']);
  const old = { ...broken, historyAt: seconds(NOW - 7 * DAY_S) };
  expect(reached(old)).toEqual(['2026-08', '2026-09']);
  expect(reached(old, CAUGHT_UP)).toEqual(['2026-08', '2026-09', '2026-10']);
});

it('knows no month without a log', () => {
  expect(reached()).toEqual([]);
});
