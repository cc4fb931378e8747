import { expect, it, test } from 'vitest';
import type { LeaseSort } from '../queries.ts';
import { readCursor, writeCursor } from './cursor.ts';

const by = (sort: LeaseSort, reverse = false) => ({ sort, reverse });

it('reads back what it wrote', () => {
  const after = { side: 'after', position: [5, 7] };
  expect(readCursor(by('expiry'), writeCursor(by('expiry'), [5, 7]))).toEqual({ ok: true, value: after });
  const before = { side: 'before', position: ['before', 7] };
  expect(readCursor(by('client'), writeCursor(by('client'), ['before', 7], 'before'))).toEqual({
    ok: true,
    value: before,
  });
  expect(readCursor(by('expiry'), undefined)).toEqual({ ok: true, value: undefined });
});

test.each([
  ['of another order', writeCursor(by('client'), ['ws1', 7])],
  ['of the other direction', writeCursor(by('expiry', true), [5, 7])],
  ['with a text for a number', writeCursor(by('expiry'), ['5', 7])],
  ['of no side', Buffer.from('["expiry",5,7,"beside"]').toString('base64url')],
  ['too short', writeCursor(by('expiry'), [5])],
  ['no JSON', 'bm90IGpzb24'],
  ['an object', Buffer.from('{"length":3,"0":"expiry"}').toString('base64url')],
  ['nothing', ''],
  ['far too long', 'x'.repeat(2000)],
])('refuses a cursor that is %s', (_, cursor) => {
  const read = readCursor(by('expiry'), cursor);
  expect(read.ok ? undefined : read.error).toEqual({
    reason: 'bad_query',
    text: 'the cursor is not one of this list. Correct the query.',
  });
});
