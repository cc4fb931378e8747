import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { clientId, NOBODYS, NOW, PRO, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import { aggregatesOf } from './aggregate.ts';

it('names the soonest leases, and counts those beyond the limit', () => {
  const store = new StoreInMemory({ settings: { ...DEFAULT_SETTINGS, seriesLimit: 1 } });
  store.take(
    { minutes: 30, hresult: 7 },
    { client: 2, minutes: 20, hresult: 7 },
    { client: 3, minutes: 0, status: 5, hresult: 7 },
  );
  expect(aggregatesOf(store.state, seconds(NOW))).toMatchObject({
    asOf: NOW,
    soonest: [
      {
        ...{ client: 'ws2.corp.test', clientId: clientId(2), product: 'Windows 10/11 Pro', activationId: PRO },
        ...{ cls: 'client', expiry: NOW + 1200 },
      },
    ],
    seriesDropped: 1,
  });
});

it('names each of the soonest leases by its machine, though their last requests have the same bare name', () => {
  const store = new StoreInMemory();
  const names = ['ws1.a.test', 'ws1', 'ws1.b.test', 'ws1', 'ws2.a.test'];
  for (const [n, machine] of names.entries()) store.take({ machine, time: NOW + n, recordId: n, minutes: 259_200 });
  const { soonest } = aggregatesOf(store.state, seconds(NOW + 9));
  expect(soonest.map(({ client }) => client).toSorted()).toEqual(['ws1.a.test', 'ws1.b.test', 'ws2.a.test']);
});

it('counts requests that arrived under an alias with those of the host', () => {
  const store = new StoreInMemory().take({}, { client: 2, host: 'kms.corp.test' });
  store.state.configure({ ...DEFAULT_SETTINGS, aliases: { 'kms.corp.test': hostName('kms1.corp.test') } });
  expect(aggregatesOf(store.state, seconds(NOW)).requests).toEqual([
    { host: 'kms1.corp.test', cls: 'client', result: 'ok', count: 2 },
  ]);
});

it('counts only the classes that have leases', () => {
  const { classes } = aggregatesOf(new StoreInMemory().take({}).state, seconds(NOW));
  expect(classes).toMatchObject([{ cls: 'client', tolerated: 1, tally: { leases: 1 } }]);
});

it('counts shared client ids that have a lease which counts', () => {
  const store = new StoreInMemory();
  for (const [n, machine] of ['a', 'b', 'a'].entries()) store.take({ machine, time: NOW + n, recordId: n });
  const shared = () => {
    const { duplicateClientIds, duplicateMachines, duplicateNames } = aggregatesOf(store.state, seconds(NOW + 9));
    return [duplicateClientIds, duplicateMachines, duplicateNames];
  };
  expect(shared()).toEqual([1, 2, ['a', 'b']]);
  store.retire('a', NOW + 9);
  expect(shared()).toEqual([1, 1, ['b']]);
  store.retire('b', NOW + 9);
  expect(shared()).toEqual([0, 0, []]);
});

it('tells unknown products, products that are refused, and the requests of the last hour', () => {
  const store = new StoreInMemory().take(
    { hresult: 0xc004f042, time: NOW - 9 },
    { hresult: 0xc004f042, time: NOW - 5 },
  );
  store.take({ client: 2, activationId: NOBODYS, time: NOW - 7200 });
  expect(aggregatesOf(store.state, seconds(NOW))).toMatchObject({
    unknownProducts: 1,
    refused: [{ host: 'kms1.corp.test', product: 'Windows 10/11 Pro' }],
    requestsLastHour: [{ host: 'kms1.corp.test', cls: 'client', count: 2 }],
  });
});
