import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { loadBookmark, saveBookmark } from './log-bookmarks.ts';

it('keeps the newest bookmark of each host', () => {
  const database = memoryDatabase();
  expect(loadBookmark(database, hostName('kms1'))).toBeUndefined();
  saveBookmark(database, { host: hostName('kms1'), bookmark: 'a' });
  saveBookmark(database, { host: hostName('kms2'), bookmark: 'b' });
  saveBookmark(database, { host: hostName('kms1'), bookmark: 'c' });
  expect([loadBookmark(database, hostName('kms1')), loadBookmark(database, hostName('kms2'))]).toEqual(['c', 'b']);
});
