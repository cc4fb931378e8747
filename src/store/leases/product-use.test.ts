import { expect, it, test } from 'vitest';
import { memoryDatabase, NOW } from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { ProductUse } from './product-use.ts';

/** Seconds from now, and whether it failed. */
type Use = readonly [after: number, failed: boolean];

/** Requests at one host for one product. */
function useOf(...requests: readonly Use[]): ProductUse {
  const use = new ProductUse(memoryDatabase());
  for (const [after, failed] of requests) use.add(1, 2, NOW + after, failed, NOW);
  return use;
}

function isRefused(use: ProductUse, after = 0): boolean {
  return [...use.refused(NOW + after, () => 'Pro')].length > 0;
}

test.each<[string, readonly Use[], boolean]>([
  [
    'two that failed',
    [
      [-9, true],
      [-5, true],
    ],
    true,
  ],
  ['one that failed', [[-5, true]], false],
  [
    'one that went well before two that failed',
    [
      [-12, false],
      [-9, true],
      [-5, true],
    ],
    false,
  ],
  [
    'one that went well and comes late',
    [
      [-9, true],
      [-5, true],
      [-7, false],
    ],
    false,
  ],
  [
    'one that went well more than a day ago',
    [
      [-DAY_S, false],
      [-9, true],
      [-5, true],
    ],
    true,
  ],
  [
    'one that went well, and many that failed since',
    [[-99, false], ...[9, 8, 7, 6, 5].map((n): Use => [-n, true])],
    false,
  ],
  [
    'two that failed, and one to come that goes well',
    [
      [-9, true],
      [-5, true],
      [60, false],
    ],
    true,
  ],
])('of %s: refused %s', (_, requests, refused) => {
  expect(isRefused(useOf(...requests))).toBe(refused);
});

it('counts a request that is dated ahead once its time has come', () => {
  const use = useOf([-9, true], [60, true]);
  expect([isRefused(use), isRefused(use, 60)]).toEqual([false, true]);
});

it('refuses nothing any more a day after the last but one that failed', () => {
  const use = useOf([-9, true], [-5, true]);
  expect([isRefused(use, DAY_S - 10), isRefused(use, DAY_S - 9)]).toEqual([true, false]);
});

it('puts activation ids of one name together', () => {
  const use = useOf([-9, true]);
  use.add(1, 3, NOW - 5, true, NOW);
  use.add(4, 3, NOW - 5, true, NOW);
  expect([...use.refused(NOW, () => 'Pro')]).toEqual([{ host: 1, product: 'Pro' }]);
  expect([...use.refused(NOW, (no) => `Product ${no}`)]).toEqual([]);
});

it('knows after a restart what was saved, unless it is to begin with none', () => {
  const database = memoryDatabase();
  const use = new ProductUse(database);
  for (const time of [NOW - 9, NOW - 5]) use.add(1, 2, time, true, NOW);
  use.save();
  expect([isRefused(new ProductUse(database)), isRefused(new ProductUse(database, true))]).toEqual([true, false]);
});
