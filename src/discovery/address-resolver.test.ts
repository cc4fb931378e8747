import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, type FaultyDns, startFaultyDns } from '../../test/peers/faulty-dns.ts';
import { hostName } from '../../test/support/host-name.ts';
import { FOREVER } from '../../test/support/patient.ts';
import type { DemoRecord, DnsRequest } from '../demo/dns-server.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { DAY_MS, HOUR_MS, millis, SECOND_MS } from '../kernel/time.ts';
import { type AddressResolver, type AddressResolverOptions, createAddressResolver } from './address-resolver.ts';
import { nameServer } from './servers.ts';

const ZONES = ['corp.example', 'emea.example'].map(hostName);
const HOST = 'kms01.corp.example';
const RECORDS: DemoRecord[] = [
  { name: HOST, type: 'A', address: '192.0.2.1', ttl: 60 },
  { name: HOST, type: 'AAAA', address: '2001:db8::1', ttl: 60 },
  { name: 'v4.corp.example', type: 'A', address: '192.0.2.4', ttl: 60 },
  { name: 'bare.emea.example', type: 'A', address: '192.0.2.5' },
  { name: 'alias.corp.example', type: 'CNAME', target: HOST },
  { name: 'empty.corp.example', type: 'SRV', target: HOST, port: 1 },
];

let folder = '';
let hostsFile = '';
const open: { close(): unknown }[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-'));
  hostsFile = join(folder, 'hosts');
  await writeFile(hostsFile, '192.0.2.77 listed.corp.example Listed # own\n2001:db8::77 listed\nnonsense x\n');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** The true time, and what a test adds to it. */
function movableClock() {
  let added = 0;
  return {
    now: () => millis(systemClock.now() + added),
    monotonic: () => millis(systemClock.monotonic() + added),
    advance: (milliseconds: number) => {
      added += milliseconds;
    },
  };
}

async function start(script?: (request: DnsRequest) => Fault | undefined): Promise<FaultyDns> {
  const server = await startFaultyDns({ zones: ZONES, records: RECORDS }, script);
  open.push(server);
  return server;
}

/** For what ends by waiting. */
const HASTY = { timeout: millis(300) };

function resolverOn(servers: readonly FaultyDns[], changes: Partial<AddressResolverOptions> = {}): AddressResolver {
  const resolver = createAddressResolver({
    servers: servers.map(({ port }) => nameServer(hostName('127.0.0.1'), port)),
    timeout: FOREVER,
    attempts: 2,
    clock: systemClock,
    random: systemRandom,
    domains: ZONES,
    hostsFile,
    ...changes,
  });
  open.push(resolver);
  return resolver;
}

describe('without a name server', () => {
  test.each([
    ['192.0.2.9', ['192.0.2.9']],
    ['2001:db8::9', ['2001:db8::9']],
    ['localhost', ['127.0.0.1', '::1']],
    ['kms.localhost', ['127.0.0.1', '::1']],
    ['listed', ['192.0.2.77', '2001:db8::77']],
    ['listed.corp.example', ['192.0.2.77']],
  ])('%s is known', async (host, addresses) => {
    expect(await resolverOn([]).resolve(hostName(host), never)).toEqual({ ok: true, value: { addresses } });
  });

  test('any other name is a failure that says what to do', async () => {
    const resolution = await resolverOn([]).resolve(hostName(HOST), never);
    expect(resolution).toMatchObject({ error: { reason: 'network', detail: expect.stringContaining('servers') } });
  });

  test('the hosts file is read again when it changes, and a missing one names nobody', async () => {
    const path = join(folder, 'changing');
    const clock = movableClock();
    const server = await start();
    const resolver = resolverOn([server], { hostsFile: path, clock });
    expect(await resolver.resolve(hostName('new.corp.example'), never)).toMatchObject({
      error: { reason: 'nxdomain' },
    });
    await writeFile(path, '192.0.2.78 new.corp.example');
    clock.advance(6 * SECOND_MS);
    expect(await resolver.resolve(hostName('new.corp.example'), never)).toMatchObject({
      value: { addresses: ['192.0.2.78'] },
    });
    await writeFile(path, '192.0.2.79 new.corp.example new');
    clock.advance(6 * SECOND_MS);
    expect(await resolver.resolve(hostName('new.corp.example'), never)).toMatchObject({
      value: { addresses: ['192.0.2.79'] },
    });
  });
});

describe('from a name server', () => {
  test.each([
    [HOST, ['192.0.2.1', '2001:db8::1']],
    ['v4.corp.example', ['192.0.2.4']],
    ['alias.corp.example', ['192.0.2.1', '2001:db8::1']],
    ['kms01', ['192.0.2.1', '2001:db8::1']],
    ['bare', ['192.0.2.5']],
  ])('%s has its addresses', async (host, addresses) => {
    const server = await start();
    expect(await resolverOn([server]).resolve(hostName(host), never)).toEqual({ ok: true, value: { addresses } });
  });

  test.each([
    ['nowhere.corp.example', 'nxdomain', 'does not exist'],
    ['empty.corp.example', 'nodata', 'neither an A nor an AAAA'],
    ['x.elsewhere.example', 'refused', 'REFUSED'],
  ])('%s has none: %s', async (host, reason, detail) => {
    const server = await start();
    const resolution = await resolverOn([server]).resolve(hostName(host), never);
    expect(resolution).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(detail) } });
  });

  test.each(['silent', 'servfail', 'refused', 'lame', 'wrong id'] satisfies Fault[])(
    'the addresses of a good server count when another is bad: %s',
    async (fault) => {
      const bad = await start(() => fault);
      const good = await start();
      expect(await resolverOn([bad, good], HASTY).resolve(hostName(HOST), never)).toEqual({
        ok: true,
        value: { addresses: ['192.0.2.1', '2001:db8::1'] },
      });
    },
  );

  test('one that stays silent is asked for few names, and not waited for', async () => {
    const clock = movableClock();
    const silent = await start(() => 'silent');
    const good = await start();
    good.setRecords(
      Array.from({ length: 9 }, (_, n) => ({ name: `h${n}.corp.example`, type: 'A', address: '192.0.2.1' })),
    );
    const resolver = resolverOn([silent, good], { ...HASTY, clock, attempts: 1 });
    for (const n of [0, 1, 2]) await resolver.resolve(hostName(`h${n}.corp.example`), never);
    await expect.poll(() => silent.seen.length).toBe(6);
    await resolver.resolve(hostName('h3.corp.example'), never);
    expect(silent.seen).toHaveLength(6);
    clock.advance(31 * SECOND_MS);
    await resolver.resolve(hostName('h4.corp.example'), never);
    await resolver.resolve(hostName('h5.corp.example'), never);
    await expect.poll(() => silent.seen.length).toBe(8);
  });

  test('an address that any server gives beats a denial, and all addresses count', async () => {
    const old = await start();
    const current = await start();
    old.setRecords([{ name: 'moved.corp.example', type: 'A', address: '192.0.2.50' }]);
    current.setRecords([
      { name: 'moved.corp.example', type: 'A', address: '192.0.2.51' },
      { name: 'new.corp.example', type: 'A', address: '192.0.2.52' },
    ]);
    const resolver = resolverOn([old, current]);
    expect(await resolver.resolve(hostName('new.corp.example'), never)).toMatchObject({
      value: { addresses: ['192.0.2.52'] },
    });
    expect(await resolver.resolve(hostName('moved.corp.example'), never)).toMatchObject({
      value: { addresses: ['192.0.2.50', '192.0.2.51'] },
    });
  });

  test('a denial counts while another server fails, unless that one is known to have an address', async () => {
    let broken = true;
    const clock = movableClock();
    const old = await start(() => (broken ? 'servfail' : undefined));
    const current = await start();
    old.setRecords([{ name: 'kmsold.corp.example', type: 'A', address: '192.0.2.50', ttl: 60 }]);
    current.setRecords([]);
    const resolver = resolverOn([current, old], { clock });
    const ask = () => resolver.resolve(hostName('kmsold.corp.example'), never);
    expect(await ask()).toMatchObject({ error: { reason: 'nxdomain' } });
    broken = false;
    clock.advance(HOUR_MS);
    expect(await ask()).toMatchObject({ value: { addresses: ['192.0.2.50'] } });
    broken = true;
    clock.advance(HOUR_MS);
    expect(await ask()).toMatchObject({ value: { addresses: ['192.0.2.50'] } });
  });

  test('the last resort is asked when no other gives an address, and only adds some', async () => {
    const asked = await start();
    const system = await startFaultyDns({
      zones: ['elsewhere.example', 'corp.example'].map(hostName),
      records: [
        { name: 'x.elsewhere.example', type: 'A', address: '192.0.2.60' },
        { name: HOST, type: 'A', address: '192.0.2.61' },
      ],
    });
    open.push(system);
    const resolver = resolverOn([asked], { lastResort: [nameServer(hostName('127.0.0.1'), system.port)] });
    const resolve = (name: string) => resolver.resolve(hostName(name), never);
    expect(await resolve(HOST)).toMatchObject({ value: { addresses: ['192.0.2.1', '2001:db8::1'] } });
    expect(system.seen).toHaveLength(0);
    expect(await resolve('x.elsewhere.example')).toMatchObject({ value: { addresses: ['192.0.2.60'] } });
    expect(await resolve('y.elsewhere.example')).toMatchObject({ error: { reason: 'refused' } });
    expect(await resolve('nowhere.corp.example')).toMatchObject({ error: { reason: 'nxdomain' } });
  });

  test('one that drops EDNS0 is asked without it', async () => {
    const server = await start(() => 'silent on EDNS');
    expect((await resolverOn([server], HASTY).resolve(hostName(HOST), never)).ok).toBe(true);
  });

  test('all of which are silent is a failure in time', async () => {
    const servers = [await start(() => 'silent'), await start(() => 'silent')];
    expect(await resolverOn(servers, HASTY).resolve(hostName(HOST), never)).toMatchObject({
      error: { reason: 'timeout' },
    });
    // Two attempts for each of two families; the servers may see the last of them later.
    await expect.poll(() => servers.map(({ seen }) => seen.length)).toEqual([4, 4]);
  });

  test('that answers for one family alone is enough', async () => {
    const server = await start(({ question }) => (question.type === 28 ? 'servfail' : undefined));
    expect(await resolverOn([server]).resolve(hostName(HOST), never)).toEqual({
      ok: true,
      value: { addresses: ['192.0.2.1'] },
    });
  });

  test('the signal ends the waiting', async () => {
    const server = await start(() => 'silent');
    const resolution = await resolverOn([server]).resolve(hostName(HOST), AbortSignal.timeout(20));
    expect(resolution).toMatchObject({ error: { reason: 'other', detail: 'the lookup was cancelled' } });
  });

  test('closing ends the lookups', async () => {
    const server = await start(() => 'silent');
    const resolver = resolverOn([server]);
    const pending = resolver.resolve(hostName(HOST), never);
    await expect.poll(() => server.seen.length).toBe(2);
    resolver.close();
    expect((await pending).ok).toBe(false);
  });
});

describe('what was learned', () => {
  test('serves for its TTL', async () => {
    const clock = movableClock();
    const server = await start();
    const resolver = resolverOn([server], { clock });
    await resolver.resolve(hostName(HOST), never);
    clock.advance(59 * SECOND_MS);
    await resolver.resolve(hostName(HOST), never);
    expect(server.seen).toHaveLength(2);
    clock.advance(2 * SECOND_MS);
    await resolver.resolve(hostName(HOST), never);
    expect(server.seen).toHaveLength(4);
  });

  test('of a name that does not exist serves for no more than a minute', async () => {
    const clock = movableClock();
    const server = await start();
    const resolver = resolverOn([server], { clock });
    await resolver.resolve(hostName('nowhere.corp.example'), never);
    await resolver.resolve(hostName('nowhere.corp.example'), never);
    expect(server.seen).toHaveLength(2);
    clock.advance(61 * SECOND_MS);
    await resolver.resolve(hostName('nowhere.corp.example'), never);
    expect(server.seen).toHaveLength(4);
  });

  test('is asked for once by all who need it at the same time', async () => {
    const server = await start();
    const resolver = resolverOn([server]);
    await Promise.all(Array.from({ length: 50 }, () => resolver.resolve(hostName(HOST), never)));
    expect(server.seen).toHaveLength(2);
  });

  test('of a thousand hosts at once does not overwhelm a name server', async () => {
    const server = await start();
    const names = Array.from({ length: 1000 }, (_, n) => `h${n}.corp.example`);
    server.setRecords(names.map((name) => ({ name, type: 'A', address: '192.0.2.1' })));
    const resolver = resolverOn([server]);
    const resolutions = await Promise.all(names.map((name) => resolver.resolve(hostName(name), never)));
    expect(resolutions.filter(({ ok }) => !ok)).toEqual([]);
    expect(server.seen.length).toBeLessThan(2100);
  });

  test('from an SRV answer serves, and the other family is still asked', async () => {
    const server = await start();
    const resolver = resolverOn([server]);
    resolver.learn(nameServer(hostName('127.0.0.1'), server.port), [
      { name: HOST, family: 4, address: '192.0.2.99', ttl: 60 },
    ]);
    const addresses = ['192.0.2.99', '2001:db8::1'];
    expect(await resolver.resolve(hostName(HOST), never)).toEqual({ ok: true, value: { addresses } });
    expect(server.seen.map(({ question }) => question.type)).toEqual([28]);
  });

  test('from an SRV answer does not replace an answer', async () => {
    const server = await start();
    const resolver = resolverOn([server]);
    await resolver.resolve(hostName(HOST), never);
    resolver.learn(nameServer(hostName('127.0.0.1'), server.port), [
      { name: HOST, family: 4, address: '192.0.2.99', ttl: 60 },
    ]);
    expect(await resolver.resolve(hostName(HOST), never)).toMatchObject({
      value: { addresses: ['192.0.2.1', '2001:db8::1'] },
    });
  });

  test.each(['silent', 'servfail', 'refused'] satisfies Fault[])(
    'still serves for a day while the server is bad: %s',
    async (fault) => {
      let broken = false;
      const clock = movableClock();
      const server = await start(() => (broken ? fault : undefined));
      const resolver = resolverOn([server], { ...HASTY, clock });
      const known = await resolver.resolve(hostName('v4.corp.example'), never);
      broken = true;
      clock.advance(HOUR_MS);
      expect(await resolver.resolve(hostName('v4.corp.example'), never)).toEqual(known);
      // For half a minute without asking again.
      const asked = () => server.seen.filter(({ question }) => question.type === 1).length;
      const before = asked();
      expect(await resolver.resolve(hostName('v4.corp.example'), never)).toEqual(known);
      expect(asked()).toBe(before);
      clock.advance(DAY_MS - HOUR_MS - 60 * SECOND_MS);
      expect(await resolver.resolve(hostName('v4.corp.example'), never)).toEqual(known);
      clock.advance(2 * 60 * SECOND_MS);
      expect((await resolver.resolve(hostName('v4.corp.example'), never)).ok).toBe(false);
    },
  );

  test('serves soon while the server is silent for long', async () => {
    let broken = false;
    const clock = movableClock();
    const server = await start(() => (broken ? 'silent' : undefined));
    const resolver = resolverOn([server], { clock });
    const known = await resolver.resolve(hostName('v4.corp.example'), never);
    broken = true;
    clock.advance(HOUR_MS);
    expect(await resolver.resolve(hostName('v4.corp.example'), never)).toEqual(known);
  });

  test('is forgotten at once when the server says that the name does not exist', async () => {
    const clock = movableClock();
    const server = await start();
    const resolver = resolverOn([server], { clock });
    await resolver.resolve(hostName(HOST), never);
    server.setRecords([]);
    clock.advance(HOUR_MS);
    expect(await resolver.resolve(hostName(HOST), never)).toMatchObject({ error: { reason: 'nxdomain' } });
  });
});
