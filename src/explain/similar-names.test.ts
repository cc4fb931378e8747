import fc from 'fast-check';
import { expect, test } from 'vitest';
import { similarNames } from './similar-names.ts';

const KNOWN = [
  'ws-0417.corp.example.com',
  'ws-0470',
  'ws-0471.emea.example.com',
  'srv-db-ws-0471',
  'laptop9',
  'ws-1471',
];

test.each([
  ['ws-0471', ['ws-0471.emea.example.com', 'ws-0470', 'ws-1471', 'ws-0417.corp.example.com', 'srv-db-ws-0471']],
  ['WS-0471.corp.example.com', ['ws-0471.emea.example.com', 'ws-0470', 'ws-1471', 'ws-0417.corp.example.com']],
  ['laptop', ['laptop9']],
  ['printer', []],
])('%s may have been meant for %j', (asked, names) => {
  expect(similarNames(asked, KNOWN, 10)).toEqual(names);
});

test('gives no more than asked for', () => {
  expect(similarNames('ws-0471', KNOWN, 2)).toHaveLength(2);
});

test('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (asked, known) => {
      expect(similarNames(asked, known, 3).every((name) => known.includes(name))).toBe(true);
    }),
  );
});
