import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import {
  ACCESS,
  keyCounts,
  NOW,
  type RequestFacts,
  SERVER,
  StoreInMemory,
} from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, HOUR_S, type Seconds, seconds } from '../../kernel/time.ts';
import type { State } from '../leases/state.ts';
import { countLeases, type LeaseCount } from './count-leases.ts';
import { isCounted, leaseStates } from './lease-states.ts';

const UNLICENSED = { status: 5, minutes: 0 } as const;

function storeOf(...requests: readonly RequestFacts[]): StoreInMemory {
  return new StoreInMemory().take(...requests);
}

function counted(state: State, now: Seconds): LeaseCount {
  return countLeases(state, leaseStates(state, now), now);
}

it('counts leases by the class of their last request, without those that are superseded or retired', () => {
  const store = storeOf({}, { client: 2, activationId: ACCESS }, { client: 3 }, { client: 4, activationId: SERVER });
  store.take({ client: 3, activationId: SERVER, time: NOW + 1 }).retire('ws4.corp.test', NOW);
  expect(counted(store.state, seconds(NOW)).tallies.map(({ leases }) => leases)).toEqual([1, 1, 1, 0]);
});

it('counts a lease until it is forgotten', () => {
  const { state } = storeOf({});
  const { forgetAfter } = DEFAULT_SETTINGS.leases;
  expect([
    isCounted(state, 1, seconds(NOW + forgetAfter)),
    isCounted(state, 1, seconds(NOW + forgetAfter + 1)),
  ]).toEqual([true, false]);
  expect(counted(state, seconds(NOW + forgetAfter + 1)).tallies.map(({ leases }) => leases)).toEqual([0, 0, 0, 0]);
});

it('offers the soonest ends of those that have not come, and counts all of them', () => {
  const ends = [50, 10, 0, 30];
  const store = storeOf(
    ...ends.map((minutes, n) => ({ client: n + 1, minutes, status: minutes === 0 ? 5 : 1, hresult: 7 }) as const),
  );
  const { soonest, running } = counted(store.state, seconds(NOW));
  expect([soonest, running]).toEqual([[2, 4, 1], 3]);
  expect(counted(store.state, seconds(NOW + 600))).toMatchObject({ running: 2 });
});

it('has heard of a lease whose last request is dated ahead by the one before', () => {
  const heard = (...requests: readonly RequestFacts[]) =>
    [...counted(storeOf(...requests).state, seconds(NOW)).renewals.values()][0];
  const [week, ahead] = [{ time: NOW - 20 * DAY_S }, { time: NOW + HOUR_S }];
  expect(heard(week, ahead)?.stalled).toBe(1);
  expect(heard(week)?.stalled).toBe(1);
  expect(heard(week, { time: NOW - 19 * DAY_S }, ahead)?.stalled).toBe(1);
  expect(heard(week, { time: NOW - HOUR_S }, ahead)?.stalled).toBe(0);
});

it('measures silence by the newest request of those that count', () => {
  const store = storeOf({ time: NOW - 60 * DAY_S }, { client: 2 });
  const renewals = () => [...counted(store.state, seconds(NOW)).renewals.values()];
  expect(renewals()).toEqual([{ heard: 1, stalled: 0 }]);
  store.retire('ws2.corp.test', NOW);
  expect(renewals()).toEqual([{ heard: 1, stalled: 1 }]);
});

it('has not heard of a lease all of whose requests are dated ahead', () => {
  expect(counted(storeOf({ time: NOW + HOUR_S }).state, seconds(NOW)).renewals.size).toBe(0);
});

it('finds those that ask again and again, by host and class, and those that do so for more than a day', () => {
  const tries = (client: number, hours: number): RequestFacts[] =>
    Array.from({ length: hours }, (_, n) => ({
      ...UNLICENSED,
      client,
      time: NOW - n * HOUR_S,
      recordId: 100 * client + n,
    }));
  const { state } = storeOf(...tries(1, 5), ...tries(2, 26), { client: 3, ...UNLICENSED });
  const host = state.names.hosts.no(hostName('kms1.corp.test'));
  expect([...counted(state, seconds(NOW)).retrying]).toEqual([[host * 4, { retrying: 2, long: 1, skewed: 0 }]]);
});

it("goes by a host's own activation interval, for the start of a row of tries too", () => {
  const store = storeOf(
    ...[30, 20, 10, 0].map((hours, n) => ({ ...UNLICENSED, time: NOW - hours * HOUR_S, recordId: n })),
  );
  expect([...counted(store.state, seconds(NOW)).retrying]).toEqual([]);
  const host = store.state.names.hosts.no(hostName('kms1.corp.test'));
  const counts = keyCounts(5);
  store.state.reports.add(
    host,
    { host: hostName('kms1.corp.test'), time: seconds(NOW), counts, activationInterval: seconds(5 * HOUR_S) },
    DAY_S,
  );
  expect([...counted(store.state, seconds(NOW)).retrying.values()]).toEqual([{ retrying: 1, long: 1, skewed: 0 }]);
});
