import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { loadForest, saveForest } from './forest.ts';

it('keeps the domains of the forest', () => {
  const database = memoryDatabase();
  expect(loadForest(database)).toEqual([]);

  saveForest(database, [hostName('corp.test'), hostName('emea.corp.test')]);

  expect(loadForest(database)).toEqual(['corp.test', 'emea.corp.test']);
});
