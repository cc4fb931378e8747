import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { loadBookmark, saveBookmark } from './log-bookmarks.ts';

it('keeps the newest bookmark of each host', () => {
  const database = memoryDatabase();
  expect(loadBookmark(database, 'kms1')).toBeUndefined();
  saveBookmark(database, { host: 'kms1', bookmark: 'a' });
  saveBookmark(database, { host: 'kms2', bookmark: 'b' });
  saveBookmark(database, { host: 'kms1', bookmark: 'c' });
  expect([loadBookmark(database, 'kms1'), loadBookmark(database, 'kms2')]).toEqual(['c', 'b']);
});
