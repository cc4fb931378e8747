import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { ACCESS, keyCounts, NOBODYS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { HOUR_S, seconds } from '../../kernel/time.ts';
import { State } from './state.ts';

const REPORT = { host: hostName('kms1.corp.test'), counts: keyCounts(5, 5) };

it('knows the requests of the last hour after a restart', () => {
  const store = new StoreInMemory().take(
    { time: NOW - HOUR_S },
    { time: NOW - HOUR_S + 1 },
    { time: NOW, hresult: 0xc004f042 },
    { time: NOW + 60, activationId: ACCESS },
  );
  const again = new StoreInMemory({ database: store.database });
  for (const now of [NOW, NOW + 60]) {
    expect([...again.state.lastHour.sums(now)].sort()).toEqual([...store.state.lastHour.sums(now)].sort());
  }
  expect([...again.state.lastHour.sums(NOW)]).toHaveLength(2);
});

it('begins with nothing that can be derived, and with all that was heard, if it is to be derived', () => {
  const store = new StoreInMemory()
    .take({})
    .take({ machine: 'b' })
    .take({ time: NOW + 5 });
  const { state, database } = store;
  const empty = new State(database, state, DEFAULT_SETTINGS, { isEmpty: true });
  expect([empty.table.length, [...empty.pools.all()], [...empty.logs.all()], [...empty.duplicates.recent(0)]]).toEqual([
    ...[1, [], [], []],
  ]);
  expect(empty.records.newest(5)).toEqual(state.records.newest(5));
  expect(empty.names).toBe(state.names);
});

it('writes down the class by which the leases of each product were derived', () => {
  const store = new StoreInMemory().take(
    {},
    { activationId: ACCESS, recordId: 2 },
    { activationId: NOBODYS, recordId: 3 },
  );
  expect(store.rows('SELECT derived_class FROM products')).toEqual(['client', 'office', '']);
});

it("goes by a host's own activation interval as long as its report is fresh", () => {
  const { state } = new StoreInMemory();
  const stale = DEFAULT_SETTINGS.reportStaleAfter;
  state.reports.add(1, { ...REPORT, time: seconds(NOW), activationInterval: seconds(60) }, stale);
  state.reports.add(2, { ...REPORT, time: seconds(NOW), activationInterval: undefined }, stale);
  const configured = DEFAULT_SETTINGS.leases.activationInterval;
  expect([
    state.activationInterval(1, seconds(NOW)),
    state.activationInterval(1, seconds(NOW + stale - 1)),
    state.activationInterval(1, seconds(NOW + stale)),
    state.activationInterval(2, seconds(NOW)),
  ]).toEqual([60, 60, configured, configured]);
});
