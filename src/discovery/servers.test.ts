import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { parseHostPort } from '../kernel/address.ts';
import { readResolvConf, systemResolver } from './resolv-conf.ts';
import { nameServer } from './servers.ts';

describe('servers as configured', () => {
  test.each([
    ['10.0.0.53', '10.0.0.53', 53, '10.0.0.53'],
    ['10.0.0.53:53', '10.0.0.53', 53, '10.0.0.53'],
    ['10.0.0.53:5353', '10.0.0.53', 5353, '10.0.0.53:5353'],
    ['2001:db8::53', '2001:db8::53', 53, '2001:db8::53'],
    ['[2001:db8::53]:53', '2001:db8::53', 53, '2001:db8::53'],
    ['[2001:DB8:0::53]:54', '2001:db8::53', 54, '[2001:db8::53]:54'],
    ['DC1.corp.example', 'dc1.corp.example', 53, 'dc1.corp.example'],
  ])('%s', (text, host, port, label) => {
    const parsed = parseHostPort(text);
    expect(parsed.ok && nameServer(parsed.value.host, parsed.value.port)).toEqual({ host, port, label });
  });
});

describe('resolv.conf', () => {
  test.each([
    ['servers', 'nameserver 192.0.2.1\nnameserver 2001:db8::1\n', ['192.0.2.1', '2001:db8::1'], []],
    ['a link-local server', 'nameserver fe80::1%eth0', ['fe80::1%eth0'], []],
    ['three servers, as the C library', [1, 2, 3, 4].map((n) => `nameserver 192.0.2.${n}`).join('\n'), 3, []],
    ['each server once', 'nameserver 192.0.2.1\nnameserver 192.0.2.1', ['192.0.2.1'], []],
    ['no server that is no address', 'nameserver dc1\nnameserver\nnameserver 192.0.2.300', [], []],
    [
      'the last of search and domain',
      'domain a.example\nsearch b.example C.example.\n',
      [],
      ['b.example', 'c.example'],
    ],
    ['the last of domain and search', 'search b.example c.example\ndomain a.example x.example\n', [], ['a.example']],
    ['no root in the search list', 'search .', [], []],
    ['each domain once', 'search a.example A.example', [], ['a.example']],
    [
      'no comments',
      '# nameserver 192.0.2.1\n; search x\nnameserver 192.0.2.2 # two\nsearch a ;b',
      ['192.0.2.2'],
      ['a'],
    ],
    [
      'tabs, blanks and carriage returns',
      '  nameserver\t192.0.2.1\r\nsearch\ta.example\r\n',
      ['192.0.2.1'],
      ['a.example'],
    ],
    ['nothing else', 'options ndots:5\nsortlist 192.0.2.0\nNAMESERVER 192.0.2.1', [], []],
  ])('has %s', (_, text, servers, search) => {
    const read = readResolvConf(text);
    if (typeof servers === 'number') expect(read.servers).toHaveLength(servers);
    else expect(read.servers.map(({ label }) => label)).toEqual(servers);
    expect(read.search).toEqual(search);
  });

  test('has no more search domains than anybody would have', () => {
    const names = Array.from({ length: 99 }, (_, n) => `d${n}.example`);
    expect(readResolvConf(`search ${names.join(' ')}`).search).toEqual(names.slice(0, 16));
  });
});

describe("the system's resolver", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kmswatch-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is what the file says', async () => {
    const path = join(folder, 'resolv.conf');
    await writeFile(path, 'nameserver 192.0.2.1\nsearch a.example\n');
    const resolver = await systemResolver(path, 'laptop.b.example');
    expect(resolver).toEqual({ servers: [nameServer(hostName('192.0.2.1'))], search: ['a.example'] });
  });

  test.each([
    ['laptop.b.example', ['b.example']],
    ['laptop', []],
  ])("without a file has the domain of the machine's own name: %s", async (ownName, search) => {
    expect((await systemResolver(join(folder, 'none'), ownName)).search).toEqual(search);
  });
});
