import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { Counters } from './counters.ts';

it('counts on after a restart from what was saved', () => {
  const database = memoryDatabase();
  const counters = new Counters(database);
  counters.add('ingest http accepted', 2);
  counters.save();
  counters.add('ingest http accepted', 3);
  expect(counters.get('ingest http accepted')).toBe(5);
  expect(new Counters(database).get('ingest http accepted')).toBe(2);
  counters.save();
  expect(new Counters(database).get('ingest http accepted')).toBe(5);
});

it('gives all counters of a first word, with the other words', () => {
  const counters = new Counters(memoryDatabase());
  counters.add('requests kms1 client ok', 4);
  counters.add('requests kms1 office ok', 1);
  counters.add('forgotten', 9);
  expect([...counters.of('requests')]).toEqual([
    [['kms1', 'client', 'ok'], 4],
    [['kms1', 'office', 'ok'], 1],
  ]);
});

it('has no counter of which nothing was counted', () => {
  const counters = new Counters(memoryDatabase());
  counters.add('forgotten', 0);
  expect([counters.get('forgotten'), [...counters.of('forgotten')]]).toEqual([0, []]);
});
