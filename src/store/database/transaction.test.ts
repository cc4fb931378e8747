import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { transaction } from './transaction.ts';

function table(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (n INTEGER)');
  return database;
}

function count(database: DatabaseSync): unknown {
  return database.prepare('SELECT count(*) AS n FROM t').get()?.['n'];
}

it('commits what was done, and gives what it came to', () => {
  const database = table();
  expect(transaction(database, () => database.exec('INSERT INTO t VALUES (1), (2)') ?? 'done')).toBe('done');
  expect([count(database), database.isTransaction]).toEqual([2, false]);
});

it('takes all of it back if something was thrown, and throws it on', () => {
  const database = table();
  const work = () => {
    database.exec('INSERT INTO t VALUES (1)');
    throw new Error('a full disk');
  };
  expect(() => transaction(database, work)).toThrow('a full disk');
  expect([count(database), database.isTransaction]).toEqual([0, false]);
});
