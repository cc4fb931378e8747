import { expect, it } from 'vitest';
import { HOUR_S } from '../kernel/time.ts';
import { LastHour } from './last-hour.ts';

const NOW = 1_000_000;

it('counts the requests of each key in the hour up to now', () => {
  const lastHour = new LastHour();
  for (const time of [NOW, NOW, NOW - HOUR_S + 1]) lastHour.add('1 client ok', time, NOW);
  lastHour.add('2 office ok', NOW - 5, NOW);
  expect([...lastHour.sums(NOW)]).toEqual([
    ['1 client ok', 3],
    ['2 office ok', 1],
  ]);
  expect([...lastHour.sums(NOW + 1)]).toEqual([
    ['1 client ok', 2],
    ['2 office ok', 1],
  ]);
});

it('counts what is dated ahead once its time has come', () => {
  const lastHour = new LastHour();
  lastHour.add('1 client ok', NOW + 60, NOW);
  expect([...lastHour.sums(NOW)]).toEqual([]);
  expect([...lastHour.sums(NOW + 60)]).toEqual([['1 client ok', 1]]);
});

it('takes nothing that is older than an hour', () => {
  const lastHour = new LastHour();
  lastHour.add('1 client ok', NOW - HOUR_S, NOW);
  expect([...lastHour.sums(NOW - 1)]).toEqual([]);
});

it('forgets the seconds that have passed, and keeps the others', () => {
  const lastHour = new LastHour();
  for (const time of [NOW, NOW + 10]) lastHour.add('1 client ok', time, NOW);
  lastHour.prune(NOW + HOUR_S);
  // A clock that was set back would count what was not forgotten.
  expect([...lastHour.sums(NOW + 10)]).toEqual([['1 client ok', 1]]);
});
