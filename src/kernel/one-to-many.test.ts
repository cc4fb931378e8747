import { expect, it, test } from 'vitest';
import { OneToMany } from './one-to-many.ts';

function listOf(...leases: readonly number[]): OneToMany {
  const list = new OneToMany();
  for (const lease of leases) list.add(5, lease);
  return list;
}

it('lists what an owner has, the newest first, and nothing of another owner', () => {
  const list = listOf(1, 2, 3);
  list.add(6, 4);
  expect([...list.of(5)]).toEqual([3, 2, 1]);
  expect([...list.of(6)]).toEqual([4]);
  expect([...list.of(7)]).toEqual([]);
});

test.each([
  ['first', 3, [2, 1]],
  ['middle', 2, [3, 1]],
  ['last', 1, [3, 2]],
])('removes the %s one and leaves the others in their order', (_, lease, rest) => {
  const list = listOf(1, 2, 3);
  list.remove(5, lease);
  expect([...list.of(5)]).toEqual(rest);
});

it('takes one from an owner to another', () => {
  const list = listOf(1, 2, 3);
  list.remove(5, 2);
  list.add(6, 2);
  expect([...list.of(5)]).toEqual([3, 1]);
  expect([...list.of(6)]).toEqual([2]);
});

it('has nothing left once the last one is removed', () => {
  const list = listOf(1);
  list.reserve(9, 9);
  list.remove(5, 1);
  expect(list.first(5)).toBe(0);
});
