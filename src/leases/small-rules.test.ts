import { expect, test } from 'vitest';
import { HISTORY_START as T } from '../../test/model/histories.ts';
import { request } from '../../test/model/requests.ts';
import { hostName } from '../../test/support/host-name.ts';
import { LeasesSection } from '../config/sections/leases.ts';
import { DAY_S, HOUR_S, seconds } from '../kernel/time.ts';
import { failedRatio } from './failing.ts';
import { idleLimit, longestGap } from './idle.ts';
import { mergeIntervals } from './intervals.ts';
import { compareRecords } from './order.ts';
import { isRefused } from './refused.ts';
import { leaseSettings } from './settings.ts';
import { isSkewed, skewOf } from './skew.ts';
import { tolerated } from './tolerated.ts';
import type { LeaseRequest } from './types.ts';

test.each([
  [{ share: 0.05 }, 19, 1],
  [{ share: 0.05 }, 20, 1],
  [{ share: 0.05 }, 39, 1],
  [{ share: 0.05 }, 40, 2],
  [{ share: 0.29 }, 100, 29],
  [{ share: 0 }, 100, 1],
  [{ count: 7 }, 1, 7],
])('%j of %d leases is %d', (tolerate, leases, number) => {
  expect(tolerated(tolerate, leases)).toBe(number);
});

test.each([
  [0, false],
  [4 * HOUR_S, false],
  [4 * HOUR_S + 1, true],
  [-4 * HOUR_S - 1, true],
])('a clock %d seconds off: %s', (off, skewed) => {
  const one = request({ clientTime: seconds(T + off) });
  expect(skewOf(one)).toBe(off);
  expect(isSkewed(one, T)).toBe(skewed);
  expect(isSkewed(one, T + 7 * DAY_S)).toBe(false);
});

test('a client that does not tell its time is not skewed', () => {
  expect(isSkewed(request({ clientTime: undefined }), T)).toBe(false);
});

test.each<[string, readonly string[], boolean]>([
  ['one request', ['a:F042'], false],
  ['two of one client', ['a:F042', 'a:F042'], true],
  ['two of two clients', ['a:F042', 'b:F042'], true],
  ['none', [], false],
  ['another failure among them', ['a:F042', 'a:F06C'], false],
  ['one client that is served now and then', ['a:F042', 'a:F042', 'a:0'], false],
  ['another client that is served', ['a:F042', 'a:F042', 'b:0'], false],
  ['two clients, and one that is served', ['a:F042', 'b:F042', 'c:0'], true],
  ['two clients, one of which is served now and then', ['a:F042', 'b:F042', 'b:0'], false],
])('a product is refused by %s (%j): %s', (_, requests, expected) => {
  const results: Readonly<Record<string, number>> = { F042: 0xc004f042, F06C: 0xc004f06c, 0: 0 };
  const made = requests.map((text) => {
    const [clientId = '', result = ''] = text.split(':');
    return { clientId, hresult: results[result] ?? -1 };
  });
  expect(isRefused(made)).toBe(expected);
});

test.each([
  [100, 4, undefined],
  [100, 5, 0.05],
  [5, 5, 1],
])('of %d requests of which %d failed the ratio is %s', (requests, failed, expected) => {
  expect(failedRatio(requests, failed)).toBe(expected);
});

test('a host is idle after 72 hours and four times its longest gap that ended in the last 30 days', () => {
  const times = [0, 20 * DAY_S, 21 * DAY_S, 25 * DAY_S];
  expect(longestGap(times, 50 * DAY_S - 1) / DAY_S).toBe(20);
  expect(longestGap(times, 50 * DAY_S) / DAY_S).toBe(4);
  expect(longestGap([5], 10)).toBe(0);
  expect(idleLimit(4 * DAY_S)).toBe(16 * DAY_S);
  expect(idleLimit(HOUR_S)).toBe(72 * HOUR_S);
});

test.each([
  [{ time: seconds(T - 1), host: hostName('z') }, -1],
  [{ host: hostName('a') }, -1],
  [{ log: 'z', recordId: 0 }, 1],
  [{ recordId: 2 }, 1],
  [{}, 0],
] satisfies [Partial<LeaseRequest>, number][])('records come by time, host, log and record id: %j', (facts, order) => {
  expect(Math.sign(compareRecords(request(facts), request()))).toBe(order);
});

test('intervals that meet become one', () => {
  const merged = mergeIntervals([
    { from: 5, until: 7 },
    { from: 0, until: 2 },
    { from: 1, until: 4 },
    { from: 7, until: 8 },
    { from: 2, until: 3 },
  ]);
  expect(merged).toEqual([
    { from: 0, until: 4 },
    { from: 5, until: 8 },
  ]);
});

test('settings are in seconds', () => {
  const section = LeasesSection.parse({
    quiet_periods: [{ from: '2026-12-19', to: '2026-12-19' }],
    ephemeral: ['vdi-*'],
  });
  const from = Date.parse('2026-12-19') / 1000;
  expect(leaseSettings(section)).toEqual({
    validity: 180 * DAY_S,
    renewalInterval: 7 * DAY_S,
    activationInterval: 2 * HOUR_S,
    warn: 30 * DAY_S,
    critical: 7 * DAY_S,
    forgetAfter: 365 * DAY_S,
    tolerate: { share: 0.05 },
    quietPeriods: [{ from, until: from + DAY_S }],
    ephemeral: ['vdi-*'],
  });
});
