import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { MINUTE_MS, millis, type Seconds, seconds } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { serviceFailures } from './service-failed.ts';
import type { EndpointSnapshot, EstateSnapshot } from './snapshot.ts';

const HOST = hostName('kms01.corp.example');
const FAILED = seconds(1_800_000_000);
const at = (minutes: number) => millis(FAILED * 1000 + minutes * MINUTE_MS);

function failure(now: number, host: Partial<HostAggregates>, endpoint: Partial<EndpointSnapshot> = {}) {
  const estate = { at: at(now), endpoints: [{ host: HOST, port: 1688, up: false, ...endpoint }] };
  const log = { host: HOST, failures: [{ kind: 'init', time: FAILED }], dnsPublish: [], pools: [], ...host };
  return serviceFailures(estate as unknown as EstateSnapshot, [log as unknown as HostAggregates]).get(HOST);
}

const later = (by: number): Seconds => seconds(FAILED + by);

it.each<[string, number | undefined, Partial<HostAggregates>]>([
  ['nothing', FAILED, {}],
  ['a request', undefined, { pools: [{ pool: 'windows', lastRequest: later(1), idleLimit: later(0), census: 1 }] }],
  [
    'a request from before',
    FAILED,
    { pools: [{ pool: 'windows', lastRequest: FAILED, idleLimit: FAILED, census: 1 }] },
  ],
  ['a request for a product of no pool', undefined, { lastOther: later(1) }],
  ['a record published', undefined, { dnsPublish: [{ domain: HOST, result: 'success', time: later(1) }] }],
  ['a record not published', FAILED, { dnsPublish: [{ domain: HOST, result: 'failure', time: later(1) }] }],
])('a service that failed has worked again by %s', (_, failed, host) => {
  expect(failure(60, host)).toBe(failed);
});

it.each<[string, number | undefined, number, Partial<EndpointSnapshot>]>([
  ['up since long before, for 14 minutes after it', FAILED, 14, { up: true }],
  ['up since long before, for 15 minutes after it', undefined, 15, { up: true }],
  ['up again for 14 minutes', FAILED, 24, { up: true, upSince: at(10) }],
  ['up again for 15 minutes', undefined, 25, { up: true, upSince: at(10) }],
  ['down', FAILED, 60, { up: false }],
  ['not known', FAILED, 60, { up: undefined }],
])('a host that is %s tells whether its service works again', (_, failed, now, endpoint) => {
  expect(failure(now, {}, endpoint)).toBe(failed);
});

it('tells nothing of a host whose log has no failure', () => {
  expect(failure(60, { failures: [] })).toBeUndefined();
});
