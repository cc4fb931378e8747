import { expect, it, test } from 'vitest';
import { memoryDatabase, NOBODYS, NOW, PRO, SERVER, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, HOUR_S } from '../../kernel/time.ts';
import { ProductUse } from './product-use.ts';

const F042 = 0xc004f042;
const F06C = 0xc004f06c;

/** Seconds from now, the number of the client, and the result. */
type Use = readonly [after: number, client: number, hresult: number];

function storeOf(...requests: readonly Use[]): StoreInMemory {
  const made = requests.map(([after, client, hresult], recordId) => ({ time: NOW + after, client, hresult, recordId }));
  return new StoreInMemory().take(...made);
}

function isRefused({ state }: StoreInMemory, after = 0): boolean {
  return [...state.productUse.asked(NOW + after)].some((asked) => asked.isRefused);
}

const many = (client: number, hresult: number) => [9, 8, 7, 6, 5].map((n): Use => [-n * HOUR_S, client, hresult]);

test.each<[string, readonly Use[], boolean]>([
  [
    'two that were refused',
    [
      [-9, 1, F042],
      [-5, 1, F042],
    ],
    true,
  ],
  ['one that was refused', [[-5, 1, F042]], false],
  ['two that failed for another reason', many(1, F06C), false],
  ['one that went well before many that were refused', [[-DAY_S + 1, 1, 0], ...many(1, F042)], false],
  ['one that went well more than a day ago', [[-DAY_S, 1, 0], ...many(1, F042)], true],
  [
    'one that went well and comes late',
    [
      [-9, 1, F042],
      [-5, 1, F042],
      [-7, 1, 0],
    ],
    false,
  ],
  [
    'two to come that are refused',
    [
      [60, 1, F042],
      [61, 1, F042],
    ],
    false,
  ],
  ['many, and one to come that goes well', [...many(1, F042), [60, 1, 0]], true],
  ['many of one client, while others are served', [...many(1, F042), ...many(2, 0)], false],
  ['two clients, while others are served', [...many(1, F042), [-20 * HOUR_S, 3, F042], ...many(2, 0)], true],
  ['two clients of which one is served now and then', [...many(1, F042), ...many(3, F042), [-9, 3, 0]], false],
  [
    'two clients that were served more than a day ago',
    [[-DAY_S, 3, 0], ...many(3, F042), ...many(1, F042), ...many(2, 0)],
    true,
  ],
])('of %s: refused %s', (_, requests, refused) => {
  expect(isRefused(storeOf(...requests))).toBe(refused);
  expect(isRefused(storeOf(...requests.toReversed()))).toBe(refused);
});

it('counts a request that is dated ahead once its time has come', () => {
  const store = storeOf([-9, 1, F042], [60, 1, F042]);
  expect([isRefused(store), isRefused(store, 60)]).toEqual([false, true]);
});

it('refuses nothing any more a day after the last but one that was refused', () => {
  const store = storeOf([-9, 1, F042], [-5, 1, F042]);
  expect([isRefused(store, DAY_S - 10), isRefused(store, DAY_S - 9)]).toEqual([true, false]);
});

it('knows for 30 days what was asked for, by the class of the newest request', () => {
  const store = new StoreInMemory().take(
    { time: NOW - 29 * DAY_S },
    { time: NOW - 31 * DAY_S, client: 2, activationId: SERVER },
    { time: NOW - 20, client: 3, activationId: NOBODYS, nPolicy: 5 },
    { time: NOW - 10, client: 4, activationId: NOBODYS, nPolicy: 25 },
  );
  const { names, productUse } = store.state;
  const asked = [...productUse.asked(NOW)].map(({ product, cls }) => [names.products.name(product), cls]);
  expect(asked).toEqual([
    [PRO, 0],
    [NOBODYS, 0],
  ]);
  expect([...productUse.asked(NOW + DAY_S)].map(({ product }) => names.products.name(product))).toEqual([NOBODYS]);
});

it('keeps a few of many requests', () => {
  const { state, database } = storeOf(...many(1, F042), ...many(2, 0));
  state.save();
  const [row] = database.prepare('SELECT requests FROM product_use').all();
  expect(JSON.parse(String(row?.['requests'])).length).toBeLessThanOrEqual(4);
});

it('knows after a restart what was saved, unless it is to begin with none', () => {
  const { database } = storeOf([-9, 1, F042], [-5, 1, F042]);
  const asked = (use: ProductUse) => [...use.asked(NOW)];
  expect(asked(new ProductUse(database))).toMatchObject([{ isRefused: true }]);
  expect(asked(new ProductUse(database, true))).toEqual([]);
  expect(asked(new ProductUse(memoryDatabase()))).toEqual([]);
});
