import { expect, test } from 'vitest';
import { hasRoute, mayLackRoute } from './route.ts';

test('the system has a route to itself', async () => {
  expect(await hasRoute('127.0.0.1')).toBe(true);
});

test.each([
  ['ENETUNREACH', true],
  ['EADDRNOTAVAIL', true],
  ['EAFNOSUPPORT', true],
  ['EHOSTUNREACH', false],
  ['ECONNREFUSED', false],
])('%s may be the lack of a route: %s', (code, expected) => {
  expect(mayLackRoute(code)).toBe(expected);
});

test('no socket stays behind', async () => {
  await Promise.all(Array.from({ length: 50 }, (_, index) => hasRoute(index % 2 === 0 ? '127.0.0.1' : '2001:db8::1')));

  await expect.poll(udpSockets).toBe(0);
});

function udpSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith('UDP')).length;
}
