import { expect, it } from 'vitest';
import { clientId, memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { ClientIds } from './client-ids.ts';
import { MachineNames } from './machine-names.ts';

function idsIn(database = memoryDatabase()) {
  const machines = new MachineNames(database);
  return { database, machines, ids: new ClientIds(database, machines) };
}

it('takes a new client id down with the name under which it first asks', () => {
  const { ids, machines } = idsIn();
  const entry = ids.entry(clientId(1), 'ws1');
  expect(entry).toEqual({ no: 1, fresh: true, machine: machines.find('ws1'), machineName: 'ws1', renamed: false });
  expect(ids.entry(clientId(1), 'ws2')).toBe(entry);
  expect([ids.find(clientId(1)), ids.find(clientId(2))]).toEqual([entry, undefined]);
  expect(ids.entry(clientId(2), 'ws2').no).toBe(2);
});

it('tells the client id of a number, and nothing of a number that is not given', () => {
  const { ids } = idsIn();
  ids.entry(clientId(1), 'ws1');
  expect([ids.guidOf(1), ids.guidOf(2)]).toEqual([clientId(1), '']);
});

it('finds a client after a restart as it was saved, and not as a new one', () => {
  const { database, ids, machines } = idsIn();
  const entry = ids.entry(clientId(1), 'ws1');
  const machine = machines.no('ws9');
  ids.save({ ...entry, machine, machineName: 'ws9', renamed: true });
  const { ids: again } = idsIn(database);
  expect(again.entry(clientId(1), 'ws1')).toEqual({ no: 1, fresh: false, machine, machineName: 'ws9', renamed: true });
  expect(again.entry(clientId(2), 'ws2').no).toBe(2);
});
