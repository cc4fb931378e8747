import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { slowness } from '../../test/support/slowness.ts';
import { app } from '../../test/support/web-app.ts';
import { readAllowedTarget } from '../config/probe-allow.ts';
import { type DemoDnsServer, startDnsServer } from '../demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../demo/kms-host.ts';
import { createAddressResolver } from '../discovery/address-resolver.ts';
import { nameServer } from '../discovery/servers.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { err, ok } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import type { LiveProbeContext } from './probe/live-probe-context.ts';

let host: SimulatedHost;
let dns: DemoDnsServer;

/** What the name server says of `turn.lab.example` once it was asked for it. */
let next: string | undefined;

function lead(address: string): void {
  dns.setRecords([{ name: 'turn.lab.example', type: 'A', address, ttl: 0 }]);
}

beforeAll(async () => {
  host = await startSimulatedHost({ kind: 'healthy' });
  dns = await startDnsServer({
    zones: ['corp.example', 'lab.example'],
    records: [
      { name: '_vlmcs._tcp.corp.example', type: 'SRV', target: 'kms01.corp.example', port: host.port },
      { name: 'kms01.corp.example', type: 'A', address: host.address },
    ],
    intercept: (request) => {
      const { name, type } = request.question;
      // The answer to this question stays; the next one is another.
      if (name === 'turn.lab.example' && type === 1 && next !== undefined) lead(next);
      return false;
    },
  });
});
afterAll(async () => {
  await host.close();
  await dns.close();
});

function source(changes: Partial<LiveProbeContext> = {}, allowed: readonly string[] = []): LiveProbeContext {
  return {
    watched: ({ port }) => (port === host.port ? [hostName('kms01.corp.example')] : undefined),
    isWatchedDomain: (domain) => domain === 'corp.example',
    allow: allowed.flatMap((text) => readAllowedTarget(text) ?? []),
    servers: [nameServer(hostName(dns.address), dns.port)],
    resolve: async () => ok({ addresses: [host.address] }),
    timeout: millis(2000),
    lookup: { timeout: millis(500), attempts: 2 },
    clock: systemClock,
    random: systemRandom,
    ...changes,
  };
}

function ask(query: string, live = source(), headers: Record<string, string> = {}) {
  return app({ liveProbe: () => live }).inject({ url: `/probe?${query}`, headers });
}

function value(page: string, series: string): number | undefined {
  const line = page.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

describe('a live probe', () => {
  it('binds to the KMS interface', async () => {
    const { statusCode, headers, body } = await ask(`target=kms01.corp.example:${host.port}&module=rpc`);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(value(body, 'probe_success')).toBe(1);
    expect(value(body, 'probe_duration_seconds')).toBeGreaterThan(0);
    expect(value(body, 'probe_timeout_seconds')).toBe(2);
    expect(value(body, 'probe_outcome{outcome="ok"}')).toBe(1);
    expect(value(body, 'probe_outcome{outcome="refused"}')).toBe(0);
    expect(value(body, 'probe_ip_protocol')).toBe(4);
    expect(value(body, 'probe_phase_duration_seconds{phase="bind"}')).toBeGreaterThan(0);
    expect(body).not.toContain('kms_host');
  });

  it('connects by TCP, and sends nothing', async () => {
    let octets = 0;
    const server = createServer((socket) => socket.on('data', (data) => (octets += data.length)).on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { body } = await ask(`target=127.0.0.1:${port}&module=tcp`, source({}, ['127.0.0.1']));
    expect(value(body, 'probe_success')).toBe(1);
    expect(value(body, 'probe_phase_duration_seconds{phase="connect"}')).toBeGreaterThan(0);
    expect(value(body, 'probe_phase_duration_seconds{phase="bind"}')).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    expect(octets).toBe(0);
  });

  it('that fails is an answer', async () => {
    const closed = await startSimulatedHost({ kind: 'healthy' });
    await closed.close();
    const live = source({}, ['127.0.0.0/8']);
    for (const module of ['rpc', 'tcp']) {
      const { statusCode, body } = await ask(`target=${closed.address}:${closed.port}&module=${module}`, live);
      expect([statusCode, value(body, 'probe_success')]).toEqual([200, 0]);
      expect(value(body, 'probe_outcome{outcome="refused"}')).toBe(1);
      expect(value(body, 'probe_addresses_failing')).toBe(1);
    }
  });

  it('says so when the name leads nowhere', async () => {
    const live = source({ resolve: async () => err({ reason: 'nxdomain', detail: 'does not exist' }) });
    const { statusCode, body } = await ask(`target=kms01.corp.example:${host.port}&module=rpc`, live);
    expect([statusCode, value(body, 'probe_success')]).toEqual([200, 0]);
    expect(value(body, 'probe_outcome{outcome="unresolvable"}')).toBe(1);
  });

  it('looks the records of a domain up', async () => {
    const { body } = await ask('target=corp.example&module=srv');
    const server = `${dns.address}:${dns.port}`;
    expect(value(body, 'probe_success')).toBe(1);
    expect(value(body, `probe_srv_lookup_success{server="${server}"}`)).toBe(1);
    expect(value(body, 'probe_srv_records')).toBe(1);
    const labels = `host="kms01.corp.example",port="${host.port}",priority="0",weight="0"`;
    expect(value(body, `probe_srv_record_info{${labels}}`)).toBe(1);
    expect(value(body, 'probe_srv_servers_disagree')).toBe(0);
  });

  it('asks each name server, and writes each family in one piece', async () => {
    const empty = await startDnsServer({ zones: ['corp.example'], records: [] });
    const servers = [dns, empty].map(({ address, port }) => nameServer(hostName(address), port));
    const { body } = await ask('target=corp.example&module=srv', source({ servers }));
    await empty.close();
    const families = body.split(/^# HELP .*\n# TYPE /m).slice(1);
    expect(families.map((family) => family.split('\n').map((line) => /^\w*/.exec(line)?.[0]))).toEqual([
      ...['probe_success', 'probe_duration_seconds', 'probe_timeout_seconds'].map((name) => [name, name, '']),
      ...['lookup_success', 'lookup_duration_seconds', 'server_records']
        .map((name) => `probe_srv_${name}`)
        .map((name) => [name, name, name, '']),
      ...['records', 'record_info', 'servers_disagree']
        .map((name) => `probe_srv_${name}`)
        .map((name) => [name, name, '']),
    ]);
  });

  it('of a domain without records is no success', async () => {
    const { body } = await ask('target=lab.example&module=srv', source({}, ['*.lab.example']));
    expect([value(body, 'probe_success'), value(body, 'probe_srv_records')]).toEqual([0, 0]);
  });

  it('tells with debug=true what happened', async () => {
    const { headers, body } = await ask(`target=kms01.corp.example:${host.port}&module=rpc&debug=true`);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toContain(`kms01.corp.example is ${host.address}`);
    expect(body).toContain(`${host.address}:${host.port}: ok: accepts a bind to the KMS interface`);
    expect(body).toContain('\nprobe_success 1\n');
    expect(body).toContain('module: rpc');
  });
});

describe('the time', () => {
  it('is that of the scrape, less half a second, and a silent host cannot take more', async () => {
    const silent = await startSimulatedHost({ kind: 'silent' });
    const live = source({ timeout: FOREVER }, ['127.0.0.0/8']);
    const query = `target=${silent.address}:${silent.port}&module=rpc`;
    const { body } = await ask(query, live, { 'x-prometheus-scrape-timeout-seconds': '0.8' });
    expect(value(body, 'probe_timeout_seconds')).toBe(0.4);
    expect(value(body, 'probe_outcome{outcome="silent"}')).toBe(1);
    await silent.close();
  });

  it('also ends a resolution that hangs', async () => {
    const live = source({
      timeout: FOREVER,
      resolve: (_host, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve(err({ reason: 'other', detail: 'cut' }))),
        ),
    });
    const query = `target=kms01.corp.example:${host.port}&module=rpc`;
    const { body } = await ask(query, live, { 'x-prometheus-scrape-timeout-seconds': '0.4' });
    expect(value(body, 'probe_outcome{outcome="lookup_failed"}')).toBe(1);
  });
});

describe('400 is the answer to', () => {
  it.each([
    ['no target', 'module=rpc'],
    ['an empty target', 'target=&module=rpc'],
    ['no module', 'target=kms01.corp.example'],
    ['an unknown module', 'target=kms01.corp.example&module=http_2xx'],
    ['two targets', 'target=a&target=b&module=rpc'],
    ['two modules', 'target=a&module=rpc&module=tcp'],
    ['an unknown parameter', 'target=a&module=rpc&hostname=b'],
    ['a target that is none', 'target=http%3A%2F%2Fevil&module=rpc'],
    ['a port that is none', 'target=kms01.corp.example:99999&module=tcp'],
    ['a long target', `target=${'a.'.repeat(200)}&module=rpc`],
    ['an address for a domain', 'target=10.0.0.1&module=srv'],
    ['a strange debug', 'target=a&module=rpc&debug=1'],
  ])('%s', async (_what, query) => {
    expect((await ask(query)).statusCode).toBe(400);
  });

  it('a header that is none', async () => {
    const headers = { 'x-prometheus-scrape-timeout-seconds': 'soon' };
    expect((await ask('target=a&module=rpc', source(), headers)).statusCode).toBe(400);
  });
});

describe('403 is the answer to', () => {
  it.each([
    ['a stranger', 'target=example.com&module=rpc', []],
    ['a strange address', 'target=10.0.0.1&module=tcp', []],
    ['this machine', 'target=127.0.0.1:22&module=tcp', []],
    ['localhost', 'target=localhost:22&module=tcp', ['10.0.0.0/8']],
    ['the metadata of a cloud', 'target=169.254.169.254:80&module=tcp', ['0.0.0.0/0']],
    ['the same in IPv6', 'target=[fd00:ec2::254]:80&module=tcp', ['::/0', 'fd00::/8']],
    ['the same by its mapped address', 'target=[::ffff:a9fe:a9fe]:80&module=tcp', ['::/0', '0.0.0.0/0']],
    ['another port of a listed host', 'target=10.0.0.1:22&module=tcp', ['10.0.0.1:1688']],
    ['a strange domain', 'target=example.com&module=srv', ['10.0.0.0/8']],
  ] as const)('%s', async (_what, query, allowed) => {
    expect((await ask(query, source({}, allowed))).statusCode).toBe(403);
  });

  it('a name that is not listed, without asking a name server for it', async () => {
    let asked = 0;
    const resolve: LiveProbeContext['resolve'] = async () => {
      asked += 1;
      return ok({ addresses: ['10.0.0.1'] });
    };
    await ask('target=secret.evil.example&module=rpc', source({ resolve }, ['*.lab.example']));
    expect(asked).toBe(0);
  });
});

describe('a name server that changes its mind (DNS rebinding)', () => {
  function resolver() {
    return createAddressResolver({
      servers: [nameServer(hostName(dns.address), dns.port)],
      domains: [],
      timeout: FOREVER,
      attempts: 1,
      clock: systemClock,
      random: systemRandom,
      hostsFile: '/dev/null',
    });
  }

  it('cannot lead a listed name to this machine', async () => {
    const { resolve, close } = resolver();
    const live = source({ resolve }, ['*.lab.example']);
    lead('127.0.0.1');
    expect((await ask(`target=turn.lab.example:${host.port + 1}&module=tcp`, live)).statusCode).toBe(403);
    close();
  });

  it('is asked once: the address that was checked is the one that is dialled', async () => {
    const before = host.connections();
    const { resolve, close } = resolver();
    let lookups = 0;
    const counted: LiveProbeContext['resolve'] = (name, signal) => {
      lookups += 1;
      return resolve(name, signal);
    };
    const timeout = millis(300 * slowness());
    const live = source({ resolve: counted, watched: () => undefined, timeout }, ['*.lab.example']);
    // An address where nobody is, then the host on this machine.
    lead('192.0.2.1');
    next = host.address;
    const { statusCode, body } = await ask(`target=turn.lab.example:${host.port}&module=tcp&debug=true`, live);
    expect([statusCode, lookups]).toEqual([200, 1]);
    expect(body).toContain('turn.lab.example is 192.0.2.1');
    expect(body).toContain('\nprobe_success 0\n');
    expect(host.connections()).toBe(before);
    // Now that the name leads here, it is refused.
    await new Promise((resolve_) => setTimeout(resolve_, 1100));
    expect((await ask(`target=turn.lab.example:${host.port}&module=tcp`, live)).statusCode).toBe(403);
    close();
  });

  it('cannot hide this machine among other addresses', async () => {
    const resolve: LiveProbeContext['resolve'] = async () => ok({ addresses: ['192.0.2.1', host.address, '::1'] });
    const before = host.connections();
    const live = source({ resolve, watched: () => undefined, timeout: millis(300) }, ['*.lab.example']);
    const { body } = await ask(`target=turn.lab.example:${host.port}&module=tcp&debug=true`, live);
    expect(body).toContain(`left out as not allowed: ${host.address}, ::1`);
    expect(host.connections()).toBe(before);
  });
});

it('a 129th probe at once is asked to come again', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const live = source({
    timeout: millis(15_000),
    resolve: async () => {
      await promise;
      return ok({ addresses: [host.address] });
    },
  });
  const one = app({ liveProbe: () => live });
  const url = `/probe?target=kms01.corp.example:${host.port}&module=tcp`;
  const statuses: number[] = [];
  const all = Array.from({ length: 129 }, async () => {
    const { statusCode, headers } = await one.inject(url);
    statuses.push(statusCode);
    return headers['retry-after'];
  });
  await expect.poll(() => statuses).toEqual([503]);
  resolve();
  expect((await Promise.all(all)).filter((header) => header !== undefined)).toEqual(['1']);
  expect(statuses.filter((status) => status === 200)).toHaveLength(128);
});
