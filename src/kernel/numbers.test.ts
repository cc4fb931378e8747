import { expect, it } from 'vitest';
import { u32 } from './numbers.ts';

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
