import { expect, it } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { HostPool, type HostPoolState } from './host-pool.ts';

const T = 1_780_000_000;

it('keeps the time of the last request when an earlier one comes late', () => {
  const pool = new HostPool(1, 2, 'windows');
  pool.noteRequest(T);
  pool.noteRequest(T - DAY_S);
  expect(pool.lastRequest).toBe(T);
});

it('is to be written after a request, and not before', () => {
  const pool = new HostPool(1, 2, 'office');
  expect(pool.changed).toBe(false);
  pool.noteRequest(T);
  expect(pool.changed).toBe(true);
});

it('is the same after its state was stored as JSON', () => {
  const pool = new HostPool(1, 2, 'windows');
  for (const time of [T, T + 2 * DAY_S]) {
    pool.noteRequest(time);
    pool.book.enter([], time);
  }
  const state: HostPoolState = JSON.parse(JSON.stringify(pool.state));
  const again = new HostPool(1, 2, 'windows', state);
  expect(again.state).toEqual(pool.state);
  expect([T - 1, T, T + 2 * DAY_S].map((time) => again.book.countAt(time))).toEqual([0, 1, 2]);
  expect(again.activity.idleLimit(T + 3 * DAY_S)).toBe(8 * DAY_S);
});
