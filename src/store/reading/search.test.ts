import type { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { MachineNames } from '../history/machine-names.ts';
import { findMachines } from './search.ts';

function databaseWith(names: readonly string[]): DatabaseSync {
  const database = memoryDatabase();
  const machines = new MachineNames(database);
  database.exec('BEGIN');
  for (const name of names) machines.no(name);
  database.exec('COMMIT');
  return database;
}

const FEW = ['ws1.corp.test', 'ws12.corp.test', 'srv-12', 'büro7.corp.test', 'a"b', 'wsx1.corp.test'];

test.each<[string, number[]]>([
  ['ws1', [1, 2]],
  ['12', [2, 3]],
  ['s', [1, 2, 3, 4, 6]],
  ['s1.corp', [1]],
  ['büro', [4]],
  ['ro7', [4]],
  ['a"b', [5]],
  ['ws9', []],
  ['z', []],
  ['ws1* OR srv', []],
  ['corp.test', [1, 2, 4, 6]],
])('finds the machines with %s in their name', (text, found) => {
  expect(findMachines(databaseWith(FEW), text)?.toSorted((a, b) => a - b)).toEqual(found);
});

it('lists none if there are many, but finds one among them', () => {
  const database = databaseWith(Array.from({ length: 3100 }, (_, n) => `ws${n}.corp.test`));
  expect([findMachines(database, 'corp'), findMachines(database, 'ws')]).toEqual([undefined, undefined]);
  expect(findMachines(database, 'ws3099')).toEqual([3100]);
  expect(findMachines(database, 'ws3099.corp.test')).toEqual([3100]);
});
