import { expect, test } from 'vitest';
import { prepare } from './prepare.ts';

test('paths of files start from the folder of the configuration', () => {
  const prepared = prepare(
    { a: [{ token_file: 'a/b.token', ca_file: '/ca.pem', path: 'k.db', key_file: '' }] },
    '/etc/kmswatch',
  );
  expect(prepared).toEqual({
    ok: true,
    value: { a: [{ token_file: '/etc/kmswatch/a/b.token', ca_file: '/ca.pem', path: 'k.db', key_file: '' }] },
  });
});

test('a key without a value is there, so that it can be unknown, but has no value', () => {
  const prepared = prepare({ a: null, b: [null] }, '/');
  expect(prepared).toStrictEqual({ ok: true, value: { a: undefined, b: [null] } });
});

test('values that have themselves inside have no end', () => {
  const circle: unknown[] = [];
  circle.push({ again: circle });
  expect(prepare(circle, '/').ok).toBe(false);
});
