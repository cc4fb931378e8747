import { expect, it } from 'vitest';
import { Bits, u32 } from './numbers.ts';

it('reads 0 where nothing was put, beyond the end too', () => {
  const column = u32();
  column.put(3, 7);
  expect([2, 3, 4, 1_000_000].map((row) => column.get(row))).toEqual([0, 7, 0, 0]);
});

it('keeps what was put while it grows', () => {
  const column = u32();
  for (let row = 0; row < 10_000; row++) column.put(row, row);
  expect(column.values.length).toBeGreaterThanOrEqual(10_000);
  for (let row = 0; row < 10_000; row++) expect(column.get(row)).toBe(row);
});

it('makes room for what is reserved at once, and keeps what it has', () => {
  const column = u32();
  column.put(1, 4_294_967_295);
  column.reserve(50_000);
  const { values } = column;
  for (let row = 2; row <= 50_000; row++) column.put(row, row);
  expect(column.values).toBe(values);
  expect([column.get(1), column.get(50_000)]).toEqual([4_294_967_295, 50_000]);
});

it('makes no room again for what it has room for', () => {
  const column = u32();
  const { values } = column;
  column.reserve(10);
  expect(column.values).toBe(values);
});

it('makes room for an eighth more than is reserved, so that what grows slowly is seldom moved', () => {
  const column = u32();
  column.reserve(50_000);
  const { values } = column;
  column.reserve(56_000);
  expect(column.values).toBe(values);
});

it('forgets all, and keeps the room', () => {
  const column = u32();
  for (let row = 0; row < 5000; row++) column.put(row, row);
  const { values } = column;
  column.clear();
  expect(column.values).toBe(values);
  expect(values.every((value) => value === 0)).toBe(true);
});

it('keeps small numbers in some bits of a column, and leaves the others alone', () => {
  const column = u32();
  column.put(2, 0xffff_ffff);
  const low = new Bits(column, 0, 3);
  const high = new Bits(column, 3, 4);
  low.put(1, 5);
  high.put(1, 9);
  low.put(2, 0);
  high.put(2, 6);
  expect([low.get(1), high.get(1), column.get(1)]).toEqual([5, 9, 5 + 9 * 8]);
  expect([low.get(2), high.get(2), column.get(2)]).toEqual([0, 6, 0xffff_ffb0]);
});

it('gives its room back at once, and takes numbers again afterwards', () => {
  const column = u32();
  column.put(5000, 7);
  const { buffer } = column.values;
  column.free();
  expect([buffer.detached, column.get(5000)]).toEqual([true, 0]);
  column.put(9, 8);
  expect([column.get(5), column.get(9)]).toEqual([0, 8]);
});
