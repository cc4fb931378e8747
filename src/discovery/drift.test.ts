import { describe, expect, test } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import type { HostName } from '../kernel/host-name.ts';
import { missingHosts, serversDisagree, unexpectedRecords, unionOfRecords } from './drift.ts';
import type { SrvRecord } from './types.ts';

const A: SrvRecord = { target: hostName('a.example'), port: 1688, priority: 0, weight: 0, ttl: 600 };
const B: SrvRecord = { ...A, target: hostName('b.example') };
const ALIASES = new Map([[hostName('alias.example'), hostName('a.example')]]);

function canonicalise(name: HostName): HostName {
  return ALIASES.get(name) ?? name;
}

test('the union has each record once, with its smallest TTL, sorted', () => {
  const answers = [
    [B, A],
    [
      { ...A, ttl: 30 },
      { ...A, weight: 5 },
    ],
  ];
  expect(unionOfRecords(answers)).toEqual([{ ...A, ttl: 30 }, { ...A, weight: 5 }, B]);
});

describe('servers', () => {
  test.each<[string, (readonly SrvRecord[])[]]>([
    ['there is but one', [[A]]],
    [
      'order and TTL differ',
      [
        [A, B],
        [B, { ...A, ttl: 1 }],
      ],
    ],
    ['all have nothing', [[], []]],
    ['nobody was asked', []],
  ])('agree when %s', (_, answers) => {
    expect(serversDisagree(answers)).toBe(false);
  });

  test.each<[string, (readonly SrvRecord[])[]]>([
    ['one has a record more', [[A, B], [A]]],
    ['one has nothing', [[A], []]],
    ['the port differs', [[A], [{ ...A, port: 1 }]]],
    ['the priority differs', [[A], [{ ...A, priority: 1 }]]],
    ['the weight differs', [[A], [{ ...A, weight: 1 }]]],
  ])('disagree when %s', (_, answers) => {
    expect(serversDisagree(answers)).toBe(true);
  });
});

describe('against what is expected', () => {
  test('missing hosts are those that no record names, by any of their names', () => {
    expect(
      missingHosts([hostName('alias.example'), hostName('b.example'), hostName('c.example')], [A, B], canonicalise),
    ).toEqual(['c.example']);
  });

  test('unexpected records are those that name another host', () => {
    expect(unexpectedRecords([hostName('alias.example')], [A, B], canonicalise)).toEqual([B]);
  });
});
