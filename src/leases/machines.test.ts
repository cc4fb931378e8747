import { expect, test } from 'vitest';
import { bareNamesOf, isBare, machinesBehind, rangeOfFullNames, sameMachine } from './machines.ts';

test.each([
  ['ws1', 'ws1', true],
  ['ws1', 'ws1.a.test', true],
  ['ws1.a.test', 'ws1', true],
  ['ws1.a.test', 'ws1.a.test', true],
  ['ws1.a.test', 'ws1.b.test', false],
  ['ws1', 'ws2.a.test', false],
  ['ws', 'ws1.a.test', false],
  ['pc-with-a-long-', 'pc-with-a-long-name.a.test', true],
  ['pc-with-a-long-name', 'pc-with-a-long-name.a.test', true],
  ['pc-with-a-long-n', 'pc-with-a-long-name.a.test', false],
  ['pc-with-a-long', 'pc-with-a-long-name.a.test', false],
  ['pc-with-a-long-', 'pc-with-a-long-name', false],
])('%s and %s: %s', (a, b, same) => {
  expect(sameMachine(a, b)).toBe(same);
  if (!isBare(a) || isBare(b)) return;
  expect(bareNamesOf(b).includes(a)).toBe(same);
  const [from, to] = rangeOfFullNames(a);
  if (same) expect(b > from && b < to).toBe(true);
});

test.each([
  ['an FQDN is itself', ['ws1.a.test'], ['ws1.a.test']],
  ['a bare name that fits one FQDN is that', ['ws2'], ['ws2.a.test']],
  ['one that fits none is itself', ['ws3'], ['ws3']],
  ['one that fits several is that of the same client id before', ['ws1.b.test', 'ws1'], ['ws1.b.test', 'ws1.b.test']],
  ['the last before', ['ws1.a.test', 'ws1.b.test', 'ws1'], ['ws1.a.test', 'ws1.b.test', 'ws1.b.test']],
  ['else the first after', ['ws1', 'ws1.b.test', 'ws1.a.test'], ['ws1.b.test', 'ws1.b.test', 'ws1.a.test']],
  ['else a separate machine', ['ws1', 'ws2.a.test'], ['ws1', 'ws2.a.test']],
])('%s', (_, names, machines) => {
  const known = ['ws1.a.test', 'ws1.b.test', 'ws2.a.test'];
  expect(machinesBehind(names, (bare) => known.filter((full) => sameMachine(bare, full)))).toEqual(machines);
});
