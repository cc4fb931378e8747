import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import {
  ACCESS,
  clientId,
  keyCounts,
  NOW,
  type RequestFacts,
  SERVER,
  StoreInMemory,
} from '../../test/store/store-in-memory.ts';
import { hostName } from '../../test/support/host-name.ts';
import { HOUR_S, type Seconds, seconds } from '../kernel/time.ts';
import { CountsAtTime } from '../store/reading/counts-at-time.ts';
import { LeasePages } from '../store/reading/lease-pages.ts';
import { readContext } from '../store/reading/read-context.ts';
import { leaseStories } from './lease-stories.ts';

function storiesOf(requests: readonly RequestFacts[], interval?: Seconds) {
  const { database, state } = new StoreInMemory().take(...requests);
  const report = {
    host: hostName('kms1.corp.test'),
    time: seconds(NOW),
    counts: keyCounts(undefined),
    activationInterval: interval,
  };
  state.reports.add(state.names.hosts.no(hostName('kms1.corp.test')), report, 86_400);
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS));
  const own = state.records.ofClient(1, clientId(1)).reverse();
  return leaseStories(
    pages.ofMachines([1]),
    own,
    pages.context(seconds(NOW)),
    new CountsAtTime({ database, names: state.names, records: state.records, settings: DEFAULT_SETTINGS }),
  );
}

it('tells which product took the place of a lease, and when', () => {
  const stories = storiesOf([
    { time: seconds(NOW - 9) },
    { time: seconds(NOW - 7), activationId: SERVER },
    { time: seconds(NOW - 5), activationId: SERVER },
    { time: seconds(NOW - 3), activationId: ACCESS },
  ]);
  const told = stories.map(({ product, state, successor }) => [product, state, successor?.product, successor?.time]);
  expect(told.sort()).toEqual([
    ['Access 2016', 'valid', undefined, undefined],
    ['Windows 10/11 Pro', 'superseded', 'Windows Server 2008 R2 Datacenter', NOW - 5],
    ['Windows Server 2008 R2 Datacenter', 'valid', undefined, undefined],
  ]);
});

it('tells since when a client has tried, by the interval that its host tells its clients', () => {
  const tries = [20, 10, 0].map(
    (hours, n) => ({ time: seconds(NOW - hours * HOUR_S), recordId: n, status: 5, minutes: 0 }) as const,
  );
  expect(storiesOf(tries)).toMatchObject([{ interval: 2 * HOUR_S, runStart: NOW, retrying: false }]);
  expect(storiesOf(tries, seconds(5 * HOUR_S))).toMatchObject([
    { interval: 5 * HOUR_S, runStart: NOW - 20 * HOUR_S, retrying: true },
  ]);
});

it('tells what the host had counted at the last request of the lease, and what it counts now', () => {
  const [story] = storiesOf([
    { time: seconds(NOW - 40 * 86_400) },
    { client: 2, time: seconds(NOW - 9) },
    { client: 3, time: seconds(NOW) },
  ]);
  expect([story?.lastCount?.value, story?.countNow?.value]).toEqual([1, 2]);
});
