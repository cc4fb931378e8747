import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { readMeta, writeMeta } from './meta.ts';

it('reads what was written last, and nothing before', () => {
  const database = memoryDatabase();
  expect(readMeta(database, 'derivation')).toBeUndefined();
  for (const value of ['one', '', 'two']) {
    writeMeta(database, 'derivation', value);
    expect(readMeta(database, 'derivation')).toBe(value);
  }
  expect(readMeta(database, 'tick')).toBeUndefined();
});
