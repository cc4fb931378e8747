import { expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import {
  ACCESS,
  clientId,
  keyCounts,
  NOW,
  noticeRecord,
  PRO,
  type RequestFacts,
  requestRecord,
  SERVER,
  StoreInMemory,
} from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { isFormer, sharingAmong } from './fold-lease.ts';
import { leaseRow } from './lease-rows.ts';

const UNLICENSED = { status: 5, minutes: 0 } as const;

/** The rows of the leases of these clients, without the numbers that depend on the order of arrival. */
function leasesOf(store: StoreInMemory, clients: readonly number[]): unknown[] {
  const { table, pools, records } = store.state;
  return clients.map((client) => {
    const id = store.lease(client);
    const [, , , ...values] = leaseRow(table, pools.contacts, id);
    const last = records.get(table.record.get(id));
    return { values: values.slice(0, 14), last: last && [last.recordId, last.machine, last.host] };
  });
}

/** A new client, a renewal, one that comes late, a refusal, a repeat, and two of one second. */
const HISTORY: readonly RequestFacts[] = [
  { ...UNLICENSED, time: NOW - 30 * DAY_S, recordId: 1 },
  { time: NOW - 23 * DAY_S, recordId: 2, minutes: 259_000 },
  { time: NOW - 16 * DAY_S, recordId: 3, hresult: 7 },
  { time: NOW - 16 * DAY_S + 60, recordId: 4 },
  { time: NOW - 16 * DAY_S + 120, recordId: 5 },
  { time: NOW, recordId: 7, machine: 'ws1' },
  { time: NOW, recordId: 6, minutes: 5 },
];

test.each([
  ['oldest first', HISTORY],
  ['newest first', HISTORY.toReversed()],
  ['each other one first', HISTORY.toSorted((a, b) => (Number(a.recordId) % 2) - (Number(b.recordId) % 2))],
])('comes to the same lease one by one, %s, as in one batch', (_, requests) => {
  const together = new StoreInMemory().take(...HISTORY);
  const single = new StoreInMemory();
  for (const request of requests) single.take(request);
  expect(leasesOf(single, [1])).toEqual(leasesOf(together, [1]));
  expect(leasesOf(together, [1])).toMatchObject([{ last: [7, 'ws1.corp.test', 'kms1.corp.test'] }]);
});

it('takes a record once, and counts it once', () => {
  const store = new StoreInMemory();
  const record = requestRecord({ hresult: 0xc004f06c });
  const taken = [record, record, { ...record, recordId: 2 }].map((one) => store.projection.take(one, 1, NOW));
  expect(taken).toEqual([true, false, true]);
  expect([...store.state.counters.of('requests')].map(([, count]) => count)).toEqual([2]);
});

it('notes a notice in the log of its host alone', () => {
  const store = new StoreInMemory().takeRecords([
    noticeRecord({ kind: 'service_failure', failure: 'init', hresult: 5 }),
  ]);
  expect(store.state.logs.of(store.state.names.hosts.no(hostName('kms1.corp.test'))).failures).toEqual({ init: NOW });
  expect(store.rows('SELECT count(*) FROM leases')).toEqual([0]);
});

it('moves a lease to the machine that asks with its client id now', () => {
  const store = new StoreInMemory().take({ time: NOW - 9 }).take({ machine: 'renamed.corp.test' });
  const { machines } = store.state.names;
  expect([...store.state.table.ofMachine(machines.no('renamed.corp.test'))]).toEqual([store.lease()]);
  expect([...store.state.table.ofMachine(machines.no('ws1.corp.test'))]).toEqual([]);
  expect(store.rows('SELECT name, renamed FROM clients')).toEqual([['renamed.corp.test', 1]]);
});

it('keeps the machine of the last request when an earlier one comes late under another name', () => {
  const store = new StoreInMemory().take({}).take({ machine: 'former.corp.test', time: NOW - 9 });
  expect(store.rows('SELECT name FROM machines WHERE id = (SELECT machine FROM leases)')).toEqual(['ws1.corp.test']);
  expect(store.rows('SELECT name FROM machines WHERE id IN (SELECT machine FROM former_requests)')).toEqual([
    'former.corp.test',
  ]);
});

it('keeps its first request when the records of it are gone', () => {
  const store = new StoreInMemory().take({ time: NOW - 90 * DAY_S }).take({ time: NOW - 9 * DAY_S });
  store.database.exec(`DELETE FROM records WHERE time < ${NOW - 60 * DAY_S}`);
  store.take({ time: NOW - 10 * DAY_S });
  expect(store.state.table.first.get(store.lease())).toBe(NOW - 90 * DAY_S);
});

it('brings no lease back that was forgotten because others are counted again', () => {
  const store = new StoreInMemory().take(UNLICENSED);
  const id = store.lease();
  store.state.table.remove(id);
  store.state.rows.delete(id);
  const pool = store.state.pools.at(store.state.names.hosts.no(hostName('kms1.corp.test')), 'windows');
  store.projection.touchContacts(pool, { from: NOW, until: NOW + 1 });
  store.projection.finish();
  expect(store.lease()).toBe(0);
  store.take({ time: NOW + 5 });
  expect(store.lease()).not.toBe(0);
});

it('folds those again that asked in an interval, of one N-policy if it is given', () => {
  const store = new StoreInMemory().take(UNLICENSED, { client: 2, ...UNLICENSED, nPolicy: 5 });
  const host = store.state.names.hosts.no(hostName('kms1.corp.test'));
  const counts = keyCounts(30);
  store.state.reports.add(
    host,
    { host: hostName('kms1.corp.test'), time: seconds(NOW - 9), counts, activationInterval: undefined },
    DAY_S,
  );
  const pool = store.state.pools.at(host, 'windows');
  const isActivated = () => [1, 2].map((client) => store.state.table.expiry(store.lease(client)) > 0);
  const touch = (from: number, n?: number) => {
    store.projection.touchContacts(pool, { from, until: NOW + 1 }, n);
    store.projection.finish();
    return isActivated();
  };
  expect([touch(NOW + 1), touch(NOW, 25), touch(NOW)]).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});

/** A host that reported many more clients than its log has, and a client that asked when the report was 20 days old. */
function withHeldReport(first: number): StoreInMemory {
  const store = new StoreInMemory();
  store.state.reports.add(
    store.state.names.hosts.no(hostName('kms1.corp.test')),
    {
      ...{ host: hostName('kms1.corp.test'), time: seconds(NOW - 40 * DAY_S) },
      ...{ counts: keyCounts(40), activationInterval: undefined },
    },
    DAY_S,
  );
  return store.take({ client: 2, time: NOW - first * DAY_S }, { time: NOW - 20 * DAY_S, ...UNLICENSED });
}

it('believes a report once an older request shows that the log was known at the time of it', () => {
  const store = withHeldReport(60);
  expect(store.state.table.expiry(store.lease())).toBe(0);
  store.take({ client: 3, time: NOW - 75 * DAY_S });
  expect(store.state.table.expiry(store.lease())).toBe(NOW + 160 * DAY_S);
});

it('believes it no more once the log turns out to have had a gap', () => {
  const store = withHeldReport(75).take({ client: 3, time: NOW - 60 * DAY_S });
  expect(store.state.table.expiry(store.lease())).toBe(NOW + 160 * DAY_S);
  const host = store.state.names.hosts.no(hostName('kms1.corp.test'));
  store.state.logs.noteGap(host, seconds(NOW - 50 * DAY_S));
  store.projection.touchGap(host, NOW - 50 * DAY_S);
  store.projection.finish();
  expect(store.state.table.expiry(store.lease())).toBe(0);
});

it('changes nothing with a batch of nothing', () => {
  const store = new StoreInMemory().take({});
  const before = store.rows('SELECT * FROM leases');
  store.take();
  expect(store.rows('SELECT * FROM leases')).toEqual(before);
});

it('takes a request for a former one if it shows another machine or group of classes', () => {
  const store = new StoreInMemory().take({}, { machine: 'ws9', recordId: 2 }, { activationId: SERVER, recordId: 3 });
  store.take({ activationId: ACCESS, recordId: 4 });
  const [client, renamed, server, office] = [1, 2, 3, 4].map((no) => store.state.records.get(no));
  if (!client || !renamed || !server || !office) throw new Error('no requests');
  expect([
    isFormer(client, server),
    isFormer(client, office),
    isFormer(client, renamed),
    isFormer(client, client),
  ]).toEqual([...[false, true, true, false]]);
});

it('takes a client id for shared since its machine came back', () => {
  const names = ['a', 'b', 'a', 'b'];
  const store = new StoreInMemory().take(...names.map((machine, n) => ({ machine, time: NOW + n, recordId: n })));
  const own = store.state.records.ofClient(1, clientId(1));
  expect([1, 2, 3, 4].map((count) => sharingAmong(store.state, own.slice(0, count))?.since)).toEqual([
    undefined,
    undefined,
    NOW + 2,
    NOW + 2,
  ]);
  expect(own[0]?.activationId).toBe(PRO);
});

it('knows by an old request which machine a bare name is, when another machine comes late beside it', () => {
  const [a, b] = ['ws1.a.test', 'ws1.b.test'];
  const store = new StoreInMemory().take(
    { client: 2, machine: a },
    { client: 2, machine: b },
    // Shared for long: by what is known since, it is not any more.
    ...[a, 'pc', a].map((machine, day) => ({ machine, time: seconds(NOW - (200 - day) * DAY_S) })),
    { machine: 'ws1', time: seconds(NOW - 9 * DAY_S) },
    { machine: b, time: seconds(NOW - 2 * DAY_S) },
  );
  store.take({ machine: 'pc', time: seconds(NOW - 5 * DAY_S) });
  const { no } = store.state.names.clients.entry(clientId(1), 'pc');
  expect([store.state.duplicates.has(no), [...store.state.duplicates.recent(NOW)].includes(no)]).toEqual([true, false]);
});

it('counts requests whose N-policy shows that a table has the wrong class', () => {
  const store = new StoreInMemory().take(
    { activationId: SERVER, nPolicy: 25 },
    { client: 2, activationId: SERVER },
    { client: 3 },
  );
  expect(store.state.counters.get('reclassified')).toBe(1);
});

it.each([
  ['after another', ['ws1', 'vdi-1', 'pc']],
  ['before another', ['vdi-1', 'ws1', 'pc']],
])('keeps the leases of a client id apart that an ephemeral machine used long %s', (_, machines) => {
  const settings = { ...DEFAULT_SETTINGS, leases: { ...DEFAULT_SETTINGS.leases, ephemeral: ['vdi-*'] } };
  const store = new StoreInMemory({ settings });
  for (const [index, machine] of machines.entries()) {
    store.take({ machine, time: seconds(NOW - (300 - 100 * index) * DAY_S) });
  }
  const { table } = store.state;
  const firsts = [...table.ofClient(1)].map((id) => (NOW - table.first.get(id)) / DAY_S);
  expect(firsts.toSorted((a, b) => b - a)).toEqual([300, 200, 100]);
});
