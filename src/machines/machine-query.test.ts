import { expect, it } from 'vitest';
import { seconds } from '../kernel/time.ts';
import { fittingRows, type MachineQuery } from './machine-query.ts';
import { KNOWN, MachineTable, PINNED } from './machine-table.ts';
import { VERDICTS } from './types.ts';

const NOW = seconds(1000);
const NAMES = ['pc1', 'pc2.a.test', 'pc2.b.test', 'ws1', 'ws1.a.test'];

/** The bare `ws1` means `ws1.a.test`; the second machine is pinned, and the last one has just asked. */
function found(query: MachineQuery, after = '', most = 9): string[] {
  const table = new MachineTable();
  for (const name of NAMES) table.set(table.add(name), KNOWN);
  table.names.end();
  table.meant.put(3, 5);
  table.set(1, PINNED);
  table.verdict.put(1, VERDICTS.indexOf('lapsed'));
  table.lastRequest.put(4, NOW);
  return fittingRows(table, query, after, NOW, most).map((row) => table.names.at(row));
}

it('lists machines by name, not the bare names that mean them, from one on', () => {
  expect(found({})).toEqual(['pc1', 'pc2.a.test', 'pc2.b.test', 'ws1.a.test']);
  expect(found({}, 'pc2.a.test')).toEqual(['pc2.b.test', 'ws1.a.test']);
  expect(found({}, 'pc1', 1)).toEqual(['pc2.a.test']);
});

it('finds what a name means, bare or full, and a part of names', () => {
  expect(found({ name: 'WS1' })).toEqual(['ws1.a.test']);
  expect(found({ name: 'pc2' })).toEqual(['pc2.a.test', 'pc2.b.test']);
  expect(found({ name: 'pc1.corp.test' })).toEqual(['pc1']);
  expect(found({ client: 'A.Test' })).toEqual(['pc2.a.test', 'ws1.a.test']);
});

it('holds every filter that is given', () => {
  expect(found({ pinned: true })).toEqual(['pc2.a.test']);
  expect(found({ verdict: 'lapsed', pinned: false })).toEqual([]);
  expect(found({ silentFor: seconds(60) })).toEqual(['pc1', 'pc2.a.test', 'pc2.b.test']);
});
