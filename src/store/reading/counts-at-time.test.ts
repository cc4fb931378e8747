import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { keyCounts, NOW, PRO, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { CountsAtTime } from './counts-at-time.ts';

function countsOf(requests: readonly RequestFacts[], reported?: number) {
  const store = new StoreInMemory().take(...requests);
  const { state, database } = store;
  const hostNo = state.names.hosts.no(hostName('kms1.corp.test'));
  const report = {
    host: hostName('kms1.corp.test'),
    time: seconds(NOW - 60),
    counts: keyCounts(reported, 7),
    activationInterval: undefined,
  };
  if (reported !== undefined) state.reports.add(hostNo, report, DAY_S);
  const counts = new CountsAtTime({ database, names: state.names, records: state.records, settings: DEFAULT_SETTINGS });
  return (time: number, pool: 'windows' | 'office' | 'none' = 'windows') =>
    counts.of({
      ...{ hostNo, pool: pool === 'none' ? undefined : pool, time: seconds(time) },
      ...{ activationId: PRO, nPolicy: 25 },
    });
}

it('counts the clients of the 30 days before, and says that it does not know all of them', () => {
  const of = countsOf([{ time: seconds(NOW - 20 * DAY_S) }, { client: 2, time: seconds(NOW - 10 * DAY_S) }]);
  expect([of(NOW - 15 * DAY_S), of(NOW)]).toEqual([
    { value: 1, known: false, isOwn: false },
    { value: 2, known: false, isOwn: false },
  ]);
});

it('knows all of them once the log reaches back for 30 days', () => {
  expect(countsOf([{ time: seconds(NOW - 30 * DAY_S) }])(NOW)).toEqual({ value: 0, known: true, isOwn: false });
});

it('believes a fresh report below its cap, and at its cap the larger one', () => {
  const requests = Array.from({ length: 9 }, (_, n) => ({ client: n + 1, time: seconds(NOW - 90) }));
  expect(countsOf(requests, 20)(NOW)).toEqual({ value: 20, known: true, isOwn: true });
  expect(countsOf(requests, 3)(NOW)).toEqual({ value: 3, known: true, isOwn: true });
  expect(countsOf(requests, 50)(NOW)).toEqual({ value: 50, known: true, isOwn: false });
  expect(countsOf(requests, 20)(NOW - 61)).toEqual({ value: 9, known: false, isOwn: false });
});

it('counts nobody where nobody has asked, and nothing without a pool', () => {
  const of = countsOf([{}]);
  expect([of(NOW, 'office'), of(NOW, 'none')]).toEqual([{ value: 0, known: false, isOwn: false }, undefined]);
});
