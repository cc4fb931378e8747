import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { keyCounts, NOW, noticeRecord, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { groom as groomOnce, provenTime } from './groom.ts';
import type { State } from './state.ts';

/** As the writer does it, in one transaction. */
function groom(state: State, now: number): boolean {
  const hasMore = groomOnce(state, now);
  state.save();
  return hasMore;
}

const FORGET = DEFAULT_SETTINGS.leases.forgetAfter;
const HISTORY = Math.max(DEFAULT_SETTINGS.history, FORGET);

it('forgets a lease that was silent for longer than it may be, waiting rows too', () => {
  const store = new StoreInMemory({ limits: { direct: 0, most: 100 } });
  store.take({}, { client: 2 }).take({ time: NOW + 5 }, { client: 2, time: NOW + 6 });
  expect(groom(store.state, NOW + 5 + FORGET)).toBe(false);
  expect(store.rows('SELECT id FROM leases')).toEqual([1, 2]);
  expect(groom(store.state, NOW + 6 + FORGET)).toBe(false);
  expect(store.rows('SELECT id FROM leases UNION SELECT id FROM lease_changes')).toEqual([2]);
  expect(store.state.counters.get('forgotten')).toBe(1);
});

it('takes no clock alone for the time, but the newest record and what has passed since', () => {
  const store = new StoreInMemory().take({});
  const proven = (now: number, lived: number, heard = 0) =>
    provenTime(store.state, seconds(now), { memory: '', lived: seconds(lived) }, seconds(heard)) - NOW;
  const later = NOW + 400 * DAY_S;
  expect([proven(later, 100), proven(later, 160), proven(NOW + 50, 160), proven(later, 40)]).toEqual([0, 60, 50, 0]);
  expect([proven(later, 200, NOW + 1000), proven(later, 260, NOW + 1000)]).toEqual([1000, 1060]);
});

it('takes what it remembers of the time for nothing if it cannot be read', () => {
  const store = new StoreInMemory().take({});
  store.state.database.exec("INSERT INTO meta (name, value) VALUES ('heard', 'garbage')");
  const clock = { memory: '', lived: seconds(100) };
  expect(provenTime(store.state, seconds(NOW + DAY_S), clock, seconds(0))).toBe(NOW);
});

it('forgets records and notices that are older than the history', () => {
  const store = new StoreInMemory().take({}, { time: NOW + 1 });
  store.takeRecords([noticeRecord({ kind: 'service_failure', failure: 'init', hresult: 5 })]);
  groom(store.state, NOW + HISTORY);
  expect(store.rows('SELECT count(*) FROM records UNION ALL SELECT count(*) FROM notices')).toEqual([2, 1]);
  groom(store.state, NOW + HISTORY + 1);
  expect(store.rows('SELECT count(*) FROM records UNION ALL SELECT count(*) FROM notices')).toEqual([1, 0]);
});

it('forgets reports, former requests and the old census with them', () => {
  const store = new StoreInMemory().take({}).take({ machine: 'renamed.corp.test', time: NOW + 5 });
  const counts = keyCounts(5);
  store.state.reports.add(
    1,
    { host: hostName('kms1.corp.test'), time: seconds(NOW), counts, activationInterval: undefined },
    DAY_S,
  );
  groom(store.state, NOW + HISTORY + 90 * DAY_S);
  expect(store.rows('SELECT count(*) FROM reports UNION ALL SELECT count(*) FROM former_requests')).toEqual([0, 0]);
  const [pool] = store.state.pools.all();
  expect(pool?.book.countAt(NOW)).toBe(0);
});

it('forgets a slice at a time, and says whether there is more', () => {
  const store = new StoreInMemory();
  store.take(...Array.from({ length: 1500 }, (_, n) => ({ client: n + 1 })));
  const late = NOW + HISTORY + 1;
  expect([groom(store.state, late), store.rows('SELECT count(*) FROM leases')]).toEqual([true, [500]]);
  expect([groom(store.state, late), store.rows('SELECT count(*) FROM leases')]).toEqual([false, [0]]);
  expect(store.rows('SELECT count(*) FROM records')).toEqual([0]);
});
