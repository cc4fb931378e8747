import { expect, test } from 'vitest';
import { bookmarkForRequest, bookmarkPositions } from './event-query.ts';

test('bookmarks are read for their positions, and written back without namespaces', () => {
  const list =
    '<b:BookmarkList xmlns:b="urn:b"><b:Bookmark Channel="A" RecordId="12" IsCurrent="true"/><b:Bookmark Channel="B" RecordId="x"/></b:BookmarkList>';

  expect(bookmarkPositions(list)).toEqual([{ channel: 'A', recordId: 12 }]);
  expect(bookmarkPositions('nothing')).toBeUndefined();
  expect(bookmarkForRequest(list)).toBe(
    '<BookmarkList><Bookmark Channel="A" RecordId="12" IsCurrent="true"/><Bookmark Channel="B" RecordId="x"/></BookmarkList>',
  );
});
