import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { bySlices, lastId, maybe, num, query, text } from './rows.ts';

function table(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, at INTEGER)');
  return database;
}

it('gives rows as arrays', () => {
  const database = table();
  query(database, 'INSERT INTO t (name, at) VALUES (?, ?)').run('a', 5);
  const all = query(database, 'SELECT id, name, at FROM t');
  expect(all.get()).toEqual([1, 'a', 5]);
  expect(all.all()).toEqual([[1, 'a', 5]]);
  expect([...all.iterate()]).toEqual([[1, 'a', 5]]);
});

it('tells the number of a new row, and of none if it was ignored', () => {
  const insert = query(table(), 'INSERT OR IGNORE INTO t (name) VALUES (?)');
  expect([insert.insertNew('a'), insert.insertNew('b'), insert.insertNew('a')]).toEqual([1, 2, undefined]);
  expect(insert.insert('c')).toBe(3);
});

it('tells the largest number of a row, 0 if there is none', () => {
  const database = table();
  expect(lastId(database, 't')).toBe(0);
  for (const id of [7, 3]) query(database, 'INSERT INTO t (id) VALUES (?)').run(id);
  expect(lastId(database, 't')).toBe(7);
  expect(query(database, 'SELECT id FROM t WHERE id > ? ORDER BY id').num(2)).toBe(3);
});

it('tells how many rows were changed', () => {
  const database = table();
  for (const name of ['a', 'b']) query(database, 'INSERT INTO t (name) VALUES (?)').run(name);
  expect(query(database, 'UPDATE t SET at = 1').run()).toBe(2);
  expect(query(database, 'DELETE FROM t WHERE at = 2').run()).toBe(0);
});

it('gives all rows slice by slice, whether the last slice is full or not', () => {
  const database = table();
  const insert = query(database, 'INSERT INTO t (name, at) VALUES (?, ?)');
  for (const [name, at] of [
    ['a', 2],
    ['b', 1],
    ['c', 1],
    ['d', 1],
  ] as const)
    insert.run(name, at);
  const slice = query(database, 'SELECT at, name, id FROM t WHERE (at, name) > (?, ?) ORDER BY at, name LIMIT ?');
  for (const size of [1, 2, 3, 4, 5]) {
    const ids = [...bySlices(slice, [0, ''], size)].map(([, , id]) => num(id));
    expect(ids).toEqual([2, 3, 4, 1]);
  }
});

it('takes NULL and a missing column for nothing, and 0 for 0', () => {
  expect([maybe(null), maybe(undefined), maybe(0)]).toEqual([undefined, undefined, 0]);
  expect([num(7n), text('a')]).toEqual([7, 'a']);
});
