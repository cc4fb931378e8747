import { expect, test } from 'vitest';
import { bareNamesOf, isBare, sameMachine } from './machines.ts';

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
  if (isBare(a) && !isBare(b)) expect(bareNamesOf(b).includes(a)).toBe(same);
});
