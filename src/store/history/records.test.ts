import { expect, it, test } from 'vitest';
import { ACCESS, clientId, NOW, PRO, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';

function recordsOf(...requests: readonly RequestFacts[]) {
  const store = new StoreInMemory().take(...requests);
  const { records, names } = store.state;
  const host = names.hosts.no(hostName('kms1.corp.test'));
  return { records, host, ofFirst: () => records.ofClient(1, clientId(1)) };
}

it('gives a request back with its names and numbers', () => {
  const { records } = recordsOf({ machine: 'ws1', hresult: 7, minutes: 9, status: 5, virtual: true });
  expect(records.get(1)).toEqual({
    ...{ no: 1, client: 1, product: 1, machineNo: 1, hostNo: 1 },
    ...{ time: NOW, host: 'kms1.corp.test', log: 'kms', recordId: 1, machine: 'ws1', clientId: clientId(1) },
    ...{ activationId: PRO, cls: 'client', pool: 'windows', nPolicy: 25, hresult: 7, status: 5, minutes: 9 },
    ...{ virtual: true, clientTime: NOW },
  });
});

it('adds a record once, whatever it says the second time', () => {
  const { records, ofFirst } = recordsOf({ recordId: 5 }, { recordId: 5, hresult: 7 }, { recordId: 6 });
  expect([records.last(), ofFirst().map(({ recordId }) => recordId)]).toEqual([2, [5, 6]]);
});

test.each([
  ['time', { time: NOW + 1, recordId: 1 }],
  ['host', { host: 'kms2.corp.test', recordId: 1 }],
  ['log', { log: 'kms', recordId: 1 }],
  ['record id', { recordId: 3, log: 'application' }],
] satisfies [string, RequestFacts][])(
  'orders records of one second by %s, in whatever order they arrive',
  (_, later) => {
    const { records, ofFirst } = recordsOf(later, { recordId: 2, log: 'application' });
    expect(ofFirst().map(({ no }) => no)).toEqual([2, 1]);
    expect([Math.sign(records.compare(1, 2)), Math.sign(records.compare(2, 1)), records.compare(1, 1)]).toEqual([
      1, -1, 0,
    ]);
  },
);

it('orders records that were forgotten by their arrival', () => {
  const { records } = recordsOf({});
  expect(Math.sign(records.compare(8, 9))).toBe(-1);
});

it('gives the requests client by client, those of one in order', () => {
  const { records } = recordsOf({ client: 2, time: NOW + 5 }, { time: NOW + 9 }, { client: 2 }, { client: 3 }, {});
  const offsets = (first?: number, end?: number) =>
    [...records.byClient(first, end)].map((own) => own.map(({ client, time }) => [client, time - NOW]));
  // Clients have their numbers by their arrival.
  expect(offsets()).toEqual([
    [
      [1, 0],
      [1, 5],
    ],
    [
      [2, 0],
      [2, 9],
    ],
    [[3, 0]],
  ]);
  expect(offsets(2, 3)).toEqual([
    [
      [2, 0],
      [2, 9],
    ],
  ]);
});

it('sees nothing that has arrived after a record, if asked so', () => {
  const { records, host, ofFirst } = recordsOf({ time: NOW + 9 }, { time: NOW + 1 }, { time: NOW + 5 });
  records.until = 1;
  expect(ofFirst().map(({ no }) => no)).toEqual([1]);
  expect([...records.byClient()].flat()).toHaveLength(1);
  expect(records.contacts.lastUntil(1, host, 'windows', NOW + 8)).toBeUndefined();
  expect([...records.contacts.between(host, 'windows', NOW, NOW + 9)]).toEqual([]);
  expect(records.arrivedAfter(1, 1).map(({ no }) => no)).toEqual([2]);
  records.until = 3;
  expect(records.contacts.lastUntil(1, host, 'windows', NOW + 8)).toBe(NOW + 5);
});

it('finds the contacts of a client next to a request, of the same host and pool alone', () => {
  const { records } = recordsOf(
    { time: NOW + 50 },
    { time: NOW + 10 },
    { time: NOW + 40, hresult: 7 },
    { time: NOW + 41, activationId: ACCESS },
    { time: NOW + 42, host: 'kms2.corp.test' },
    { time: NOW + 43, client: 2 },
    { time: NOW + 90 },
    { time: NOW + 60, activationId: ACCESS },
  );
  const around = (no: number) => {
    const request = records.get(no);
    return request && records.contacts.around(request, [request.pool]);
  };
  expect(around(1)).toEqual({ before: NOW + 10, after: NOW + 90 });
  expect(around(2)).toEqual({ before: undefined, after: NOW + 50 });
  expect(around(4)).toEqual({ before: undefined, after: NOW + 60 });
});

it('takes a contact of the same second for one before', () => {
  const { records } = recordsOf({ recordId: 1 }, { recordId: 2 });
  const request = records.get(1);
  expect(request && records.contacts.around(request, ['windows'])).toEqual({ before: NOW, after: undefined });
});

it('finds who made contact in an interval, by the N-policy if one is given', () => {
  const { records, host } = recordsOf(
    { client: 1, time: NOW },
    { client: 2, time: NOW + 9, nPolicy: 40 },
    { client: 3, time: NOW + 10 },
    { client: 4, time: NOW + 1, hresult: 7 },
    { client: 5, time: NOW + 1, activationId: ACCESS },
  );
  const clients = (n?: number) =>
    [...records.contacts.between(host, 'windows', NOW, NOW + 10, n)].map(([client]) => client);
  expect([clients(), clients(25), clients(40)]).toEqual([[1, 2], [1], [2]]);
});

it('gives the newest of all, newest first', () => {
  const { records } = recordsOf({ time: NOW + 1 }, { client: 2, time: NOW + 9 }, { client: 3 });
  expect(records.newest(2).map(({ time }) => time - NOW)).toEqual([9, 1]);
});
