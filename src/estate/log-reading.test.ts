import { expect, it } from 'vitest';
import { logsRead } from './log-reading.ts';
import type { RecordsView } from './records.ts';
import type { EstateView, HostView } from './view.ts';

const HOST = 'kms01.corp.example';
const NOW = 1_700_000_000;
const DAY = 86_400;

function read(host: Partial<HostView>, lastPush?: number): boolean | undefined {
  const view = {
    host: HOST,
    published: undefined,
    expected: true,
    report: undefined,
    subscription: undefined,
    ...host,
  };
  const estate: EstateView = { at: NOW * 1000, domains: [], hosts: [view], endpoints: [], hostCount: 1, hostsUp: 0 };
  const hosts = lastPush === undefined ? [] : [{ host: HOST, lastPush }];
  const records = { aggregates: { hosts }, now: NOW, staleAfter: 3 * DAY } as unknown as RecordsView;
  return logsRead(estate, records).get(HOST);
}

function told(ago: number): Pick<HostView, 'report'> {
  return {
    report: { up: true, failure: undefined, fresh: undefined, last: undefined, logRead: (NOW - ago) * 1000 },
  };
}

it('a log of which nobody has said anything is not there', () => {
  expect(read({})).toBeUndefined();
});

it('a log is being read while a report says so, although no record has ever come', () => {
  expect(read(told(DAY))).toBe(true);
  expect(read(told(4 * DAY))).toBe(false);
});

it('either the records or the word of a report is enough', () => {
  expect(read(told(DAY), NOW - 4 * DAY)).toBe(true);
  expect(read(told(4 * DAY), NOW - DAY)).toBe(true);
  expect(read(told(4 * DAY), NOW - 4 * DAY)).toBe(false);
});

it('a subscription that broke off is no sign, and a report that says so is one', () => {
  const subscription = { up: false, failure: 'refused', lastAnswer: undefined };
  expect(read({ subscription })).toBe(false);
  expect(read({ subscription, ...told(DAY) })).toBe(true);
  expect(read({ subscription: { ...subscription, up: true }, ...told(4 * DAY) })).toBe(true);
});
