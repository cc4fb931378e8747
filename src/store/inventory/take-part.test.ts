import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { licenceRow as licence, listedMachine as machine } from '../../../test/support/machines.ts';
import type { InventoryMachine } from '../../inventory/types.ts';
import { seconds } from '../../kernel/time.ts';
import { query } from '../database/rows.ts';
import { takeInventoryPart } from './take-part.ts';

const take = (database: ReturnType<typeof memoryDatabase>, readAt: number, machines: readonly InventoryMachine[]) =>
  takeInventoryPart(
    database,
    { source: 'list.csv', readAt: seconds(readAt), machines, total: machines.length },
    () => {},
  );

it('keeps what a snapshot no longer has, and when it was last seen', () => {
  const database = memoryDatabase();
  expect(take(database, 100, [machine({ seen: seconds(90) }), machine({ machine: 'ws2', seen: seconds(80) })])).toEqual(
    {
      machines: 2,
      before: null,
    },
  );
  expect(take(database, 200, [machine({ seen: seconds(190), disabled: true })])).toEqual({ machines: 1, before: 2 });
  expect(query(database, 'SELECT machine, seen, word_at, disabled FROM inventory_rows').all()).toEqual([
    ['ws1.corp.test', 190, 200, 1],
    ['ws2', 80, 100, 0],
  ]);
});

it('takes from an older snapshot only what is newer in it', () => {
  const database = memoryDatabase();
  take(database, 200, [machine({ seen: seconds(150), system: 'Windows 11' })]);
  take(database, 100, [machine({ seen: seconds(160), system: 'Windows 10', disabled: true })]);
  expect(query(database, 'SELECT seen, word_at, disabled, system FROM inventory_rows').all()).toEqual([
    [160, 200, 0, 'Windows 11'],
  ]);
  expect(query(database, 'SELECT read_at FROM inventory_sources').all()).toEqual([[200]]);
});

it('keeps the newest word of a machine on a product, and each dated one as a report', () => {
  const database = memoryDatabase();
  take(database, 100, [machine({ licences: [licence()] })]);
  take(database, 100, [machine({ licences: [licence({ at: seconds(40), minutesLeft: 2000 })] })]);
  take(database, 100, [machine({ licences: [licence({ at: null, status: 'notification', minutesLeft: 0 })] })]);
  expect(query(database, 'SELECT at, status FROM client_words').all()).toEqual([[100, 5]]);
  expect(query(database, 'SELECT time, status, minutes FROM client_reports').all()).toEqual([
    [40, 1, 2000],
    [50, 1, 1000],
  ]);
});
