import { expect, it, test } from 'vitest';
import {
  clientId,
  keyCounts,
  NOBODYS,
  NOW,
  type RequestFacts,
  StoreInMemory,
} from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { foldRequests } from './fold-lease.ts';

const NEW = { status: 5, minutes: 0 } as const;

function leaseAfter(request: RequestFacts, others: number, reported?: number) {
  const clients = Array.from({ length: others }, (_, n) => ({ client: n + 2, time: seconds(NOW - 60 - n) }));
  const store = new StoreInMemory().take(...clients).take({ ...NEW, ...request });
  const { state } = store;
  const counts = keyCounts(reported, 99);
  const report = { host: hostName('kms1.corp.test'), time: seconds(NOW - 60), counts, activationInterval: undefined };
  if (reported !== undefined) state.reports.add(state.names.hosts.no(hostName('kms1.corp.test')), report, DAY_S);
  const { no } = state.names.clients.entry(clientId(1), '');
  return foldRequests(state, undefined, state.records.ofClient(no, clientId(1)));
}

test.each<[string, RequestFacts, number, number | undefined, boolean]>([
  ['there are enough clients', {}, 24, undefined, true],
  ['a client is missing', {}, 23, undefined, false],
  ['the host itself has counted enough, this client beside them', {}, 0, 24, true],
  ['the host itself has counted too few', {}, 0, 23, false],
  ['the host counts fewer than its log shows', {}, 24, 3, false],
  ['a product is content with fewer', { nPolicy: 5 }, 4, undefined, true],
  ['the host has refused it', { hresult: 7 }, 40, undefined, false],
  ['no table names the product', { activationId: NOBODYS, nPolicy: 5 }, 40, undefined, false],
])('whether a lease is presumed if %s', (_, request, others, reported, isPresumed) => {
  expect(leaseAfter(request, others, reported)?.presumed).toBe(isPresumed ? NOW + 180 * DAY_S : undefined);
});

it('folds nothing into nothing', () => {
  expect(foldRequests(new StoreInMemory().state, undefined, [])).toBeUndefined();
});

it('keeps the name under which the last renewal was, and not that of the last request', () => {
  const store = new StoreInMemory().take({ time: seconds(NOW - DAY_S), machine: 'a.corp.test' });
  store.take({ machine: 'b.corp.test', hresult: 7 });
  const { table, names } = store.state;
  const id = store.lease();
  expect(names.machines.name(table.renewalMachine.get(id))).toBe('a.corp.test');
  expect(names.machines.name(table.machine.get(id))).toBe('b.corp.test');
});
