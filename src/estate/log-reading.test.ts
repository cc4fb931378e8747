import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { DAY_S, inMillis, seconds } from '../kernel/time.ts';
import { logsRead } from './log-reading.ts';
import type { LogsSnapshot } from './logs-snapshot.ts';
import type { EstateSnapshot, HostSnapshot } from './snapshot.ts';

const HOST = hostName('kms01.corp.example');
const NOW = seconds(1_700_000_000);

function read(host: Partial<HostSnapshot>, lastPush?: number): boolean | undefined {
  const view = {
    host: HOST,
    published: undefined,
    expected: true,
    report: undefined,
    subscription: undefined,
    ...host,
  };
  const estate: EstateSnapshot = {
    at: inMillis(NOW),
    domains: [],
    hosts: [view],
    endpoints: [],
    hostCount: 1,
    hostsUnknown: 0,
    hostsUp: 0,
  };
  const hosts = lastPush === undefined ? [] : [{ host: HOST, lastPush }];
  const logs = { aggregates: { hosts }, now: NOW, staleAfter: 3 * DAY_S } as unknown as LogsSnapshot;
  return logsRead(estate, logs).get(HOST);
}

function told(ago: number): Pick<HostSnapshot, 'report'> {
  return {
    report: { up: true, failure: undefined, fresh: undefined, last: undefined, logRead: inMillis(seconds(NOW - ago)) },
  };
}

it('a log of which nobody has said anything is not there', () => {
  expect(read({})).toBeUndefined();
});

it('a log is being read while a report says so, although no record has ever come', () => {
  expect(read(told(DAY_S))).toBe(true);
  expect(read(told(4 * DAY_S))).toBe(false);
});

it('either the records or the word of a report is enough', () => {
  expect(read(told(DAY_S), NOW - 4 * DAY_S)).toBe(true);
  expect(read(told(4 * DAY_S), NOW - DAY_S)).toBe(true);
  expect(read(told(4 * DAY_S), NOW - 4 * DAY_S)).toBe(false);
});

it('a subscription that broke off is no sign, and a report that says so is one', () => {
  const subscription = { up: false, failure: 'refused', lastAnswer: undefined };
  expect(read({ subscription })).toBe(false);
  expect(read({ subscription, ...told(DAY_S) })).toBe(true);
  expect(read({ subscription: { ...subscription, up: true }, ...told(4 * DAY_S) })).toBe(true);
});
