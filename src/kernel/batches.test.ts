import { expect, it } from 'vitest';
import { batches } from './batches.ts';

it('gives a number at a time, and the rest at the end', () => {
  expect([...batches([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
});

it('gives no empty batch', () => {
  expect([...batches([1, 2], 2)]).toEqual([[1, 2]]);
  expect([...batches([], 2)]).toEqual([]);
});
