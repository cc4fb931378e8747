import { expect, it } from 'vitest';
import { ACCESS, NOW, SERVER, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { FormerRequests } from './former-requests.ts';

/** Times of the former requests of `ws1.corp.test`: of Windows, and of Office. */
function formerOf({ state }: StoreInMemory): unknown[] {
  const machine = state.names.machines.no('ws1.corp.test');
  return [0, 1].map((group) => {
    const [request] = state.former.of(machine, group);
    return request && request.time - NOW;
  });
}

it('keeps the newest request under a name that its lease has no more', () => {
  const store = new StoreInMemory().take({ time: NOW - 9 }).take({});
  expect(formerOf(store)).toEqual([undefined, undefined]);
  store.take({ machine: 'renamed.corp.test', time: NOW + 5 });
  expect(formerOf(store)).toEqual([0, undefined]);
});

it('keeps it whatever comes later, and in whatever order', () => {
  const store = new StoreInMemory()
    .take({ machine: 'renamed.corp.test', time: NOW + 5 })
    .take({})
    .take({ time: NOW - 9 });
  expect(formerOf(store)).toEqual([0, undefined]);
  store.take({ time: NOW + 9, machine: 'renamed.corp.test' });
  expect(formerOf(store)).toEqual([0, undefined]);
});

it('keeps the one with the larger record id of one second', () => {
  const store = new StoreInMemory().take({ machine: 'renamed.corp.test', time: NOW + 5 });
  store.take({ recordId: 5 }, { recordId: 9 }, { recordId: 7 });
  const { no } = store.state.records.newest(4).find(({ recordId }) => recordId === 9) ?? {};
  expect(store.rows('SELECT record FROM former_requests')).toEqual([no]);
});

it('keeps one for Windows and one for Office', () => {
  const store = new StoreInMemory().take({ activationId: ACCESS, time: NOW - 5 }, { activationId: SERVER });
  store.take(
    ...[ACCESS, SERVER].map((activationId, n) => ({ activationId, machine: 'b', time: NOW + 9, recordId: n })),
  );
  expect(formerOf(store)).toEqual([0, -5]);
});

it('knows them after a restart, and forgets those from before a time', () => {
  const store = new StoreInMemory().take({}).take({ machine: 'renamed.corp.test', time: NOW + 5 });
  const again = new StoreInMemory({ database: store.database });
  expect(formerOf(again)).toEqual([0, undefined]);
  expect([...new FormerRequests(store.database, store.state.records, true).of(1, 0)]).toEqual([]);
  again.state.former.forgetBefore(NOW);
  expect(formerOf(again)).toEqual([0, undefined]);
  again.state.former.forgetBefore(NOW + 1);
  expect(formerOf(again)).toEqual([undefined, undefined]);
  expect(again.rows('SELECT count(*) FROM former_requests')).toEqual([0]);
});

it('keeps it under the machine that its lease had, not under a bare name that several machines have', () => {
  const store = new StoreInMemory();
  store.take({ client: 2, machine: 'ws1.b.test', time: NOW - 9 });
  store.take({ machine: 'ws1.corp.test', time: NOW - 9 }, { machine: 'ws1' });
  store.take({ machine: 'renamed.corp.test', time: NOW + 60 * DAY_S });
  expect(formerOf(store)).toEqual([0, undefined]);
  const { names, former } = store.state;
  expect([...former.of(names.machines.no('ws1'), 0)]).toEqual([]);
});
