import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { loadOpenConditions, saveOpenConditions } from './open-conditions.ts';

it('keeps what is open now, in its order, and nothing from before', () => {
  const database = memoryDatabase();
  expect(loadOpenConditions(database)).toEqual([]);
  saveOpenConditions(database, ['c', 'a', 'b']);
  expect(loadOpenConditions(database)).toEqual(['c', 'a', 'b']);
  saveOpenConditions(database, ['b']);
  expect(loadOpenConditions(database)).toEqual(['b']);
});
