import type { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { keepOutbox, loadOutbox, saveOutbox } from './outbox.ts';

function row(fingerprint: string, pending = false, alert = '{}') {
  return { fingerprint, pending, alert };
}

function keysOf(database: DatabaseSync): string[] {
  return loadOutbox(database).map(([receiver, { fingerprint }]) => `${receiver} ${fingerprint}`);
}

it('keeps what each receiver knows, by receiver and fingerprint', () => {
  const database = memoryDatabase();
  saveOutbox(database, 'mail', [row('b', true, '{"name":"x"}'), row('a')], []);
  saveOutbox(database, 'chat', [row('b')], []);
  expect(loadOutbox(database)).toEqual([
    ['chat', row('b')],
    ['mail', row('a')],
    ['mail', row('b', true, '{"name":"x"}')],
  ]);
});

it('changes what is put again, and drops what is named, of that receiver alone', () => {
  const database = memoryDatabase();
  for (const receiver of ['mail', 'chat']) saveOutbox(database, receiver, [row('a', true), row('b', true)], []);
  saveOutbox(database, 'mail', [row('b')], ['a', 'z']);
  expect(loadOutbox(database)).toEqual([
    ['chat', row('a', true)],
    ['chat', row('b', true)],
    ['mail', row('b')],
  ]);
});

it('forgets every receiver that is not named', () => {
  const database = memoryDatabase();
  for (const receiver of ['mail', 'chat', 'hook']) saveOutbox(database, receiver, [row('a')], []);
  keepOutbox(database, ['chat', 'pager']);
  expect(keysOf(database)).toEqual(['chat a']);
});
