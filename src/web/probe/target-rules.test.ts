import { describe, expect, it, test } from 'vitest';
import { hostName } from '../../../test/support/host-name.ts';
import { type AllowedTarget, readAllowedTarget } from '../../config/probe-allow.ts';
import { isInNetwork, isSpecialNetwork, specialRange } from './special-addresses.ts';
import { groundsFor, mayDial, mayLookUp } from './target-rules.ts';

function allow(...entries: readonly string[]): readonly AllowedTarget[] {
  return entries.flatMap((entry) => readAllowedTarget(entry) ?? []);
}

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.255.3.4', 'loopback'],
  ['::1', 'loopback'],
  ['::7f00:1', 'loopback'],
  ['::a9fe:a9fe', 'linkLocal'],
  ['::6464:64c8', 'metadata'],
  ['::a00:1', undefined],
  ['::ffff:127.0.0.1', 'loopback'],
  ['169.254.169.254', 'linkLocal'],
  ['::ffff:a9fe:a9fe', 'linkLocal'],
  ['fe80::1', 'linkLocal'],
  ['fe80::1%eth0', 'linkLocal'],
  ['fd00:ec2::254', 'metadata'],
  ['fd20:ce::254', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['224.0.0.1', 'multicast'],
  ['ff02::1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['64:ff9b::7f00:1', 'rfc6052'],
  ['10.0.0.1', undefined],
  ['::ffff:10.0.0.1', undefined],
  ['192.0.32.1', undefined],
  ['fd00::1', undefined],
  ['2a00::1', undefined],
  ['100.64.0.1', undefined],
  ['192.0.2.1', undefined],
  ['168.63.129.16', 'metadata'],
  ['2002:7f00:1::', '6to4'],
])('%s is %s', (address, range) => {
  expect(specialRange(address)).toBe(range);
});

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:db8::1', '10.0.0.0/8', false],
  ['10.1.2.3', '::/0', false],
  ['::a01:203', '10.0.0.0/8', true],
  ['::a01:203', '::/0', false],
  ['::1', '::/0', true],
] as const)('%s in %s: %s', (address, network, isIn) => {
  expect(isInNetwork(address, network)).toBe(isIn);
});

test.each([
  ['127.0.0.0/8', 'loopback', true],
  ['127.0.0.1/32', 'loopback', true],
  ['::1/128', 'loopback', true],
  ['169.254.0.0/16', 'linkLocal', true],
  ['fd00:ec2::254/128', 'metadata', true],
  ['0.0.0.0/0', 'loopback', false],
  ['126.0.0.0/7', 'loopback', false],
  ['::/0', 'loopback', false],
  ['fd00::/8', 'metadata', false],
] as const)('%s lies in %s: %s', (network, range, lies) => {
  expect(isSpecialNetwork(network, range)).toBe(lies);
});

describe('a target', () => {
  const target = { host: hostName('kms.lab.example'), port: 1688 };

  it.each<[string, readonly string[], boolean, string | undefined]>([
    ['is refused by default', [], false, undefined],
    ['is looked at when the polls look at it', [], true, 'watched'],
    ['may be listed by its name', ['kms.lab.example'], false, 'named'],
    ['may be listed with its port', ['kms.lab.example:1688'], false, 'named'],
    ['is refused when another port is listed', ['kms.lab.example:1689'], false, undefined],
    ['may be listed by its domain', ['*.lab.example'], false, 'named'],
    ['is refused under a domain of a like name', ['*.b.example'], false, undefined],
    ['is refused when a name like its own is listed', ['ms.lab.example'], false, undefined],
    ['may yet be in a network', ['10.0.0.0/8'], false, 'network'],
  ])('%s', (_what, entries, isWatched, grounds) => {
    expect(groundsFor(target, isWatched, allow(...entries))).toBe(grounds);
  });

  it.each<[string, string, 'watched' | 'named' | 'network', readonly string[], boolean]>([
    ['an ordinary address of a watched host', '10.0.0.1', 'watched', [], true],
    ['loopback of a watched host, where it is this machine', '127.0.0.1', 'watched', [], true],
    ['metadata behind a watched name', '169.254.169.254', 'watched', [], false],
    ['link-local behind a watched name', 'fe80::1', 'watched', [], false],
    ['an ordinary address of a listed name', '10.0.0.1', 'named', ['kms.lab.example'], true],
    ['loopback behind a listed name', '127.0.0.1', 'named', ['kms.lab.example'], false],
    ['loopback in IPv6 clothes behind a listed name', '::ffff:127.0.0.1', 'named', ['kms.lab.example'], false],
    ['metadata behind a listed name', 'fd00:ec2::254', 'named', ['kms.lab.example'], false],
    ['multicast behind a listed name', '224.0.0.1', 'named', ['kms.lab.example'], false],
    ['loopback behind a listed name, listed itself', '127.0.0.1', 'named', ['kms.lab.example', '127.0.0.1'], true],
    ['loopback, listed with its port', '127.0.0.1', 'network', ['127.0.0.1:1688'], true],
    ['loopback, listed with another port', '127.0.0.1', 'network', ['127.0.0.1:1689', '10.0.0.0/8'], false],
    ['an address of a listed network', '10.0.0.1', 'network', ['10.0.0.0/8'], true],
    ['an address outside of it', '11.0.0.1', 'network', ['10.0.0.0/8'], false],
    ['loopback in a network of everything', '127.0.0.1', 'network', ['0.0.0.0/0'], false],
    ['loopback in its own network', '127.0.0.1', 'network', ['127.0.0.0/8'], true],
  ])('%s', (_what, address, grounds, entries, may) => {
    expect(mayDial(address, target, grounds, allow(...entries))).toBe(may);
  });

  it('that is configured by its address may be dialled, whatever that is', () => {
    expect(mayDial('169.254.1.1', { host: hostName('169.254.1.1'), port: 1688 }, 'watched', [])).toBe(true);
  });

  it('localhost may be listed by its name, as no name server is asked for it', () => {
    const localhost = { host: hostName('localhost'), port: 1688 };
    expect(mayDial('127.0.0.1', localhost, 'named', allow('localhost'))).toBe(true);
    expect(mayDial('169.254.169.254', localhost, 'named', allow('localhost'))).toBe(false);
  });
});

test.each([
  ['lab.example', ['*.lab.example'], true],
  ['sub.lab.example', ['*.lab.example'], true],
  ['lab.example', ['lab.example'], true],
  ['lab.example', ['lab.example:1688'], false],
  ['other.example', ['*.lab.example', '10.0.0.0/8'], false],
] as const)('the domain %s with %j: %s', (domain, entries, may) => {
  expect(mayLookUp(hostName(domain), allow(...entries))).toBe(may);
});
