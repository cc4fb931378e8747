import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAddressResolver } from '../../src/discovery/address-resolver.ts';
import { lookupSrv } from '../../src/discovery/lookup-srv.ts';
import { nameServer } from '../../src/discovery/servers.ts';
import type { SrvLookup } from '../../src/discovery/types.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { millis } from '../../src/kernel/time.ts';
import { type Bind, startBind } from '../peers/bind.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { hostName } from '../support/host-name.ts';
import { FOREVER } from '../support/patient.ts';

const ZONES = {
  'corp.example': [
    '_vlmcs._tcp SRV 0 0 1688 kms01',
    '_vlmcs._tcp SRV 10 5 1689 kms02',
    'kms01 A 127.0.0.2',
    'kms01 AAAA 2001:db8::2',
    'kms02 A 127.0.0.3',
    'kms CNAME kms01',
    'lame NS ns.lame.invalid.',
  ],
  'alias.example': ['_vlmcs._tcp CNAME _vlmcs._tcp.corp.example.'],
  'away.example': ['_vlmcs._tcp CNAME _vlmcs._tcp.elsewhere.example.'],
  'null.example': ['_vlmcs._tcp SRV 0 0 0 .'],
  'nodata.example': ['_vlmcs._tcp TXT "no service"'],
  'nxdomain.example': [],
  'dynamic.example': [],
  'big.example': Array.from({ length: 40 }, (_, n) => `_vlmcs._tcp SRV 0 0 1688 kms${n}.subsidiary`),
};
const OPTIONS = {
  timeout: FOREVER,
  attempts: 2,
  clock: systemClock,
  random: systemRandom,
  signal: new AbortController().signal,
};

describeWithPeers('BIND', ['named', 'nsupdate'], () => {
  let bind: Bind;
  let silent: Bind;

  beforeAll(async () => {
    bind = await startBind({ zones: ZONES, expired: 'expired.example' });
    silent = await startBind({ zones: { 'corp.example': [] }, silent: true });
  });
  afterAll(() => Promise.all([bind?.stop(), silent?.stop()]));

  function ask(domain: string, server = bind): Promise<SrvLookup> {
    return lookupSrv(hostName(domain), nameServer(hostName(server.address), server.port), OPTIONS);
  }

  test('gives records as they were published, and the addresses of their targets', async () => {
    const { result } = await ask('corp.example');
    const answer = result.ok ? result.value : undefined;
    expect(answer?.records.toSorted((a, b) => a.priority - b.priority)).toEqual([
      { target: 'kms01.corp.example', port: 1688, priority: 0, weight: 0, ttl: 600 },
      { target: 'kms02.corp.example', port: 1689, priority: 10, weight: 5, ttl: 600 },
    ]);
    expect(answer?.glue.map(({ address }) => address).sort()).toEqual(['127.0.0.2', '127.0.0.3', '2001:db8::2']);
  });

  test.each(['nodata', 'nxdomain'])('answers that there is nothing: %s', async (status) => {
    expect(await ask(`${status}.example`)).toMatchObject({ result: { ok: true, value: { status, records: [] } } });
  });

  test('names the null target', async () => {
    const flaws = [{ kind: 'null_target' }];
    expect(await ask('null.example')).toMatchObject({ result: { value: { status: 'records', records: [], flaws } } });
  });

  test('follows an alias to another zone of the same server', async () => {
    const { result } = await ask('alias.example');
    expect(result.ok && result.value.records).toHaveLength(2);
  });

  test.each([
    ['refused.example', 'refused', 'REFUSED'],
    ['away.example', 'refused', '_vlmcs._tcp.elsewhere.example'],
    ['expired.example', 'servfail', 'SERVFAIL'],
    ['lame.corp.example', 'other', 'referral'],
  ])('%s fails: %s', async (domain, reason, detail) => {
    const { result } = await ask(domain);
    expect(result).toMatchObject({ ok: false, error: { reason, detail: expect.stringContaining(detail) } });
  });

  test('gives 40 records over TCP, of which UDP carries but some', async () => {
    const { result } = await ask('big.example');
    expect(result.ok && new Set(result.value.records.map(({ target }) => target)).size).toBe(40);
  });

  test('that is silent fails in time', async () => {
    const lookup = await lookupSrv(hostName('corp.example'), nameServer(hostName(silent.address), silent.port), {
      ...OPTIONS,
      timeout: millis(200),
    });
    const detail = expect.stringContaining('no answer in 2 attempts of 0.2 s');
    expect(lookup.result).toMatchObject({ ok: false, error: { reason: 'timeout', detail } });
    expect(lookup.duration).toBeGreaterThanOrEqual(0.39);
  });

  test('shows a record that a host publishes and withdraws by dynamic update', async () => {
    const name = '_vlmcs._tcp.dynamic.example.';
    expect(await ask('dynamic.example')).toMatchObject({ result: { value: { status: 'nxdomain' } } });
    await bind.update('zone dynamic.example', `update add ${name} 3600 SRV 0 0 1688 KMS03.dynamic.example.`);
    const records = [{ target: 'kms03.dynamic.example', port: 1688, priority: 0, weight: 0, ttl: 3600 }];
    expect(await ask('dynamic.example')).toMatchObject({ result: { value: { status: 'records', records } } });
    await bind.update('zone dynamic.example', `update delete ${name} SRV`);
    expect(await ask('dynamic.example')).toMatchObject({ result: { value: { status: 'nxdomain' } } });
  });

  test('resolves a host through an alias while the first server is silent', async () => {
    const servers = [silent, bind].map(({ address, port }) => nameServer(hostName(address), port));
    const resolver = createAddressResolver({
      ...OPTIONS,
      timeout: millis(2000),
      servers,
      domains: [hostName('corp.example')],
    });
    const resolution = await resolver.resolve(hostName('kms'), OPTIONS.signal);
    expect(resolution).toEqual({ ok: true, value: { addresses: ['127.0.0.2', '2001:db8::2'] } });
  });
});
