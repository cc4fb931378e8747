import { expect, it } from 'vitest';
import {
  ACCESS,
  keyCounts,
  NOW,
  noticeRecord,
  type RequestFacts,
  StoreInMemory,
} from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { countCensus } from './count-census.ts';
import { countLeases } from './count-leases.ts';
import type { SkewedMachines } from './count-machines.ts';
import { hostAggregates } from './host-aggregates.ts';
import { leaseStates } from './lease-states.ts';

function hostsOf(store: StoreInMemory, now = NOW, skewed = new Map<number, SkewedMachines>()) {
  const leases = countLeases(store.state, leaseStates(store.state, seconds(now)), seconds(now));
  return hostAggregates(store.state, countCensus(store.state, seconds(now)), skewed, leases, seconds(now)).hosts;
}

function asked(count: number, first: RequestFacts): StoreInMemory {
  return new StoreInMemory().take(
    first,
    ...Array.from({ length: count - 1 }, (_, n) => ({ client: n + 2, time: seconds(NOW - 60 - n) })),
  );
}

it('tells nothing of a host that is only a name', () => {
  const store = new StoreInMemory().take({});
  store.state.names.hosts.no(hostName('kms9.corp.test'));
  expect(hostsOf(store).map(({ host }) => host)).toEqual(['kms1.corp.test']);
});

it('tells what the log shows, and the clocks that are off', () => {
  const store = new StoreInMemory().takeRecords([
    noticeRecord({ kind: 'service_failure', failure: 'timer', hresult: 5 }, NOW - 5),
    noticeRecord({ kind: 'dns_publish', result: 'success', domain: hostName('corp.test'), hresult: 0 }),
  ]);
  expect(
    hostsOf(
      store,
      NOW,
      new Map([[store.state.names.hosts.no(hostName('kms1.corp.test')), { count: 3, names: ['ws1'] }]]),
    ),
  ).toMatchObject([
    {
      ...{ firstRecord: NOW - 5, lastEvent: NOW, gaps: 0, pools: [], margins: [], skewed: 3, skewedNames: ['ws1'] },
      failures: [{ kind: 'timer', time: seconds(NOW - 5) }],
      dnsPublish: [{ domain: 'corp.test', result: 'success', time: seconds(NOW) }],
    },
  ]);
});

it('tells the margin of each class that was asked for, if there are enough clients', () => {
  const [host] = hostsOf(asked(26, { time: seconds(NOW - DAY_S / 2) }));
  expect(host?.pools).toMatchObject([{ pool: 'windows', census: 26, lastRequest: NOW - 60, idleLimit: 3 * DAY_S }]);
  // The 25th newest contact is the oldest but one.
  expect(host?.margins).toEqual([{ cls: 'client', margin: 1, breach: NOW - 84 + 30 * DAY_S }]);
});

it('tells no margin where clients may be missing only because the log is not known for long enough', () => {
  expect(hostsOf(asked(24, { time: seconds(NOW - 30 * DAY_S + 1) }))[0]?.margins).toEqual([]);
  const [known] = hostsOf(asked(24, { time: seconds(NOW - 31 * DAY_S), hresult: 7 }));
  expect(known?.margins).toMatchObject([{ cls: 'client', margin: -2 }]);
});

it('a young log does not show that a host is not there for a class, one of 30 days does', () => {
  expect(hostsOf(asked(4, { time: seconds(NOW - 29 * DAY_S) }))[0]?.open).toEqual(['client', 'server', 'office']);
  expect(hostsOf(asked(4, { time: seconds(NOW - 31 * DAY_S), hresult: 7 }))[0]?.open).toEqual([]);
  // There are enough for a server too, if one asks.
  expect(hostsOf(asked(26, { time: seconds(NOW - DAY_S / 2) }))[0]?.open).toEqual(['server', 'office']);
});

it('tells a margin by the count that the host reports', () => {
  const store = asked(3, { activationId: ACCESS });
  store.take({ client: 9, activationId: ACCESS });
  const counts = keyCounts(40, 4);
  const report = { host: hostName('kms1.corp.test'), time: seconds(NOW), counts, activationInterval: undefined };
  store.state.reports.add(store.state.names.hosts.no(hostName('kms1.corp.test')), report, DAY_S);
  const margins = hostsOf(store)[0]?.margins.map(({ cls, margin }) => `${cls} ${margin}`);
  expect(margins?.sort()).toEqual(['client 15', 'office -1']);
});

it('tells the margin of a class that a host is configured for and nobody has asked for', () => {
  const store = asked(2, { time: seconds(NOW - 31 * DAY_S) });
  store.state.configure({ ...store.state.settings, serves: { 'kms1.corp.test': ['office'] } });
  expect(hostsOf(store)[0]?.margins).toMatchObject([{ cls: 'office', margin: -5, breach: NOW - 31 * DAY_S }]);
});

it('tells the whole margin of a host with many times the clients that it needs', () => {
  expect(hostsOf(asked(200, { time: seconds(NOW - DAY_S / 2) }))[0]?.margins).toMatchObject([
    { cls: 'client', margin: 175 },
  ]);
});
