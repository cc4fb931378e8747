import { expect, it } from 'vitest';
import { NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { seconds } from '../../kernel/time.ts';
import { Counted } from './counted.ts';

it('counts once for a version and a minute', () => {
  const counted = new Counted(new StoreInMemory().take({}).state);
  const first = counted.aggregates(seconds(NOW));
  expect(counted.aggregates(seconds(NOW))).toBe(first);
  expect(counted.aggregates(seconds(NOW + 59))).toBe(first);
  expect(counted.aggregates(seconds(NOW + 60))).not.toBe(first);
  expect(counted.aggregates(seconds(NOW + 60)).asOf).toBe(NOW + 60);
});

it('counts again once something has changed', () => {
  const store = new StoreInMemory().take({});
  const counted = new Counted(store.state);
  expect(counted.aggregates(seconds(NOW)).machines.physical).toBe(1);
  store.take({ client: 2 });
  counted.changed();
  expect(counted.aggregates(seconds(NOW)).machines.physical).toBe(2);
});

it('counts again if the clock was set back', () => {
  const counted = new Counted(new StoreInMemory().state);
  counted.aggregates(seconds(NOW));
  expect(counted.aggregates(seconds(NOW - 1)).asOf).toBe(NOW - 1);
});

it('counts another projection under a version that none had before', () => {
  const counted = new Counted(new StoreInMemory().take({}).state);
  counted.changed();
  const next = counted.of(new StoreInMemory().take({}, { client: 2 }).state);
  expect(next.version).toBe(counted.version + 1);
  expect(next.aggregates(seconds(NOW)).machines.physical).toBe(2);
});
