import { describe, expect, it } from 'vitest';
import { lacksSlash, routedUrl, wayUp } from './public-paths.ts';

const PLAIN = { root: '/', telemetry: '/metrics' };
const BELOW = { root: '/kms/', telemetry: '/telemetry' };

it.each([
  ['/', PLAIN, '/'],
  ['/leases?within=30d', PLAIN, '/leases?within=30d'],
  ['/metrics', PLAIN, '/metrics'],
  ['/kms/', PLAIN, '/kms/'],
  ['/kms/', BELOW, '/'],
  ['/kms/clients/ws-1', BELOW, '/clients/ws-1'],
  // A proxy that takes the path away, or somebody who asks the agent itself.
  ['/clients/ws-1', BELOW, '/clients/ws-1'],
  ['/kmsx/', BELOW, '/kmsx/'],
  ['/kms/telemetry?a=b', BELOW, '/metrics?a=b'],
  ['/telemetry', BELOW, '/metrics'],
  ['/metrics', BELOW, '/-/nowhere'],
  ['/kms/metrics?x', BELOW, '/-/nowhere'],
])('%s leads, with %j, to the route %s', (url, paths, route) => {
  expect(routedUrl({ url }, paths)).toBe(route);
});

describe('the root without its slash', () => {
  it.each([
    ['/kms', BELOW, true],
    ['/kms?x=1', BELOW, true],
    ['/kms/', BELOW, false],
    ['/', PLAIN, false],
  ])('%s with %j: %s', (url, paths, lacks) => {
    expect(lacksSlash({ url }, paths)).toBe(lacks);
  });
});

it.each([
  ['/', 'runbooks'],
  ['/?x=/a/b', 'runbooks'],
  ['/leases?client=a', 'runbooks'],
  ['/runbooks/KmsHostDown', 'runbooks'],
  ['/clients/a/b', 'runbooks'],
])('from %s the way leads up to the root, below any path', (url, link) => {
  expect(new URL(wayUp(url) + link, `https://mon.example/kms${url}`).pathname).toBe('/kms/runbooks');
  expect(new URL(wayUp(url) + link, `https://mon.example${url}`).pathname).toBe('/runbooks');
});
