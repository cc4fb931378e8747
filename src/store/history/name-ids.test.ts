import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { NameIds } from './name-ids.ts';

it('gives a name one number, and finds both again', () => {
  const hosts = new NameIds(memoryDatabase(), 'hosts');
  const no = hosts.no('kms1');
  expect([hosts.no('kms1'), hosts.find('kms1'), hosts.name(no)]).toEqual([no, no, 'kms1']);
  expect(hosts.no('kms2')).not.toBe(no);
});

it('takes no name down that is only looked for', () => {
  const hosts = new NameIds(memoryDatabase(), 'hosts');
  expect([hosts.find('kms1'), hosts.name(1), [...hosts.entries()]]).toEqual([undefined, '', []]);
});

it('finds what another thread has taken down since', () => {
  const database = memoryDatabase();
  const [reader, writer] = [new NameIds(database, 'products'), new NameIds(database, 'products')];
  const [first, second] = [writer.no('a'), writer.no('b')];
  expect([reader.find('a'), reader.name(second)]).toEqual([first, 'b']);
  expect([...reader.entries()]).toEqual([
    [first, 'a'],
    [second, 'b'],
  ]);
});

it('gives the names of machines numbers too, and has read none of them before it is asked', () => {
  const database = memoryDatabase();
  const no = new NameIds(database, 'machines').no('ws1');
  const machines = new NameIds(database, 'machines');
  expect([...machines.entries()]).toEqual([]);
  expect([machines.name(no), machines.find('ws1'), machines.no('ws1'), machines.find('ws2')]).toEqual([
    'ws1',
    no,
    no,
    undefined,
  ]);
});
