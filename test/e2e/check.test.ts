import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type DemoDnsServer, type DemoRecord, startDnsServer } from '../../src/demo/dns-server.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { runCommand } from '../support/command.ts';

const SRV = '_vlmcs._tcp.corp.example';
let dns: DemoDnsServer;
let healthy: SimulatedHost;
let impostor: SimulatedHost;
let web: SimulatedHost;
let server = '';

beforeAll(async () => {
  [healthy, impostor, web] = (await Promise.all(
    (['healthy', 'impostor', 'http'] as const).map((kind) => startSimulatedHost({ kind })),
  )) as [SimulatedHost, SimulatedHost, SimulatedHost];
  dns = await startDnsServer({ zones: ['corp.example', 'empty.example'], records: [] });
  server = `${dns.address}:${dns.port}`;
});
afterAll(() => Promise.all([dns.close(), healthy.close(), impostor.close(), web.close()]));

function publish(...hosts: readonly (readonly [name: string, host: SimulatedHost])[]): void {
  dns.setRecords(
    hosts.flatMap(([name, host]): DemoRecord[] => [
      { name: SRV, type: 'SRV', target: `${name}.corp.example`, port: host.port },
      { name: `${name}.corp.example`, type: 'A', address: host.address },
    ]),
  );
}

function look(...args: readonly string[]) {
  return runCommand(['check', '--domain', 'corp.example', '--server', server, ...args]);
}

/** Ports and times differ from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(String(healthy.port), 'PORT1')
    .replaceAll(String(impostor.port), 'PORT2')
    .replaceAll(String(web.port), 'PORT3')
    .replaceAll(String(dns.port), 'DNSPORT')
    .replace(/\d+\.\d+ ms/g, 'N ms')
    .replace(/ +/g, ' ');
}

describe('the table', () => {
  it('of a healthy estate ends in OK and 0', async () => {
    publish(['kms01', healthy]);
    const { code, out, error } = await look();
    expect([code, error]).toEqual([0, '']);
    expect(steady(out)).toBe(
      [
        'KMS HOSTS',
        '✓ kms01.corp.example:PORT1 ok N ms in DNS',
        '',
        'DNS',
        '✓ _vlmcs._tcp.corp.example at 127.0.0.1:DNSPORT N ms 1 SRV record, TTL 600 s',
        '',
        'OK: 1 of 1 KMS host up',
        '',
      ].join('\n'),
    );
  });

  it('says what is wrong and what to do, a line a host', async () => {
    publish(['kms01', healthy], ['kms02', impostor], ['kms03', web]);
    const { code, out } = await look();
    expect(code).toBe(1);
    const lines = steady(out).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      '✓ kms01.corp.example:PORT1 ok N ms in DNS',
      '! kms02.corp.example:PORT2 ok N ms in DNS accepts any interface: not genuine',
      '✗ kms03.corp.example:PORT3 not_rpc N ms in DNS',
    ]);
    expect(out).toMatch(/KmsHostImpostor\)\n {4}→ Find out what runs there/);
    expect(out).toMatch(/KmsSrvRecordStale\)\n {4}→ Correct the target and port of the SRV record/);
    expect(lines.at(-2)).toBe('WARNING: 2 of 3 KMS hosts up');
  });

  it('is critical when nothing is left that could activate', async () => {
    publish(['kms03', web]);
    expect((await look()).code).toBe(2);
    publish();
    const { code, out } = await look();
    expect(code).toBe(2);
    expect(out).toContain('No name server has a KMS record for corp.example (_vlmcs._tcp.corp.example)');
  });

  it('has colours on a terminal only', async () => {
    publish(['kms01', healthy]);
    const args = ['check', '--domain', 'corp.example', '--server', server];
    expect((await runCommand(args)).out).not.toContain('\u001b');
    expect((await runCommand(args, { color: true })).out).toContain('\u001b[32m✓\u001b[39m');
  });

  it('names records that no client can use', async () => {
    dns.setRecords([{ name: SRV, type: 'SRV', target: '.', port: 0 }]);
    const { out } = await look();
    expect(out).toMatch(/! corp\.example: .*\. means that the service is not offered/);
  });
});

describe('other formats', () => {
  it('nagios is one line with performance data', async () => {
    publish(['kms01', healthy], ['kms03', web]);
    const { code, out } = await look('--format', 'nagios');
    expect(code).toBe(1);
    expect(steady(out)).toMatch(
      /^KMS WARNING - 1 of 2 KMS hosts up; KmsSrvRecordStale: .* \| hosts=2;;;0 hosts_up=1;;;0;2 hosts_unknown=0;;;0;2 'kms01\.corp\.example:PORT1'=\d+\.\d{6}s;;;0 .*\n$/,
    );
    expect(out.match(/\|/g)).toHaveLength(1);
  });

  it('nagios is one line too if the configuration is bad, or nothing is known', async () => {
    const bad = await runCommand(['check', '--format', 'nagios', '--config', '/nonexistent/kmswatch.yml']);
    expect(bad).toMatchObject({ code: 3, out: expect.stringMatching(/^KMS UNKNOWN - [^\n|]*cannot read[^\n|]*\n$/) });
    const unknown = await runCommand([
      'check',
      '--format',
      'nagios',
      '--domain',
      'a.example',
      '--server',
      '127.0.0.1:1',
    ]);
    expect(unknown).toMatchObject({ code: 3, out: expect.stringMatching(/^KMS UNKNOWN - no name server[^\n|]*\S\n$/) });
  });

  it('json has the same for programs', async () => {
    publish(['kms01', healthy]);
    const report = JSON.parse((await look('--format', 'json')).out);
    expect(report).toMatchObject({
      status: 'OK',
      hosts: [
        { host: 'kms01.corp.example', port: healthy.port, up: true, outcome: 'ok', genuine: true, published: true },
      ],
      domains: [
        { domain: 'corp.example', servers_disagree: false, servers: [{ server, success: true, status: 'records' }] },
      ],
      conditions: [],
    });
  });
});

describe('what it looks at', () => {
  it('is a host alone, when only a host is named', async () => {
    const { code, out } = await runCommand(['check', '--host', `127.0.0.1:${healthy.port}`]);
    expect([code, out.includes('DNS\n')]).toEqual([0, false]);
  });

  it('is what the configuration says, when nothing is named', async () => {
    publish(['kms01', healthy]);
    const folder = await temporaryFolder();
    const file = await folder.write(
      'kmswatch.yml',
      `discovery: {servers: ["${server}"], domains: [{name: corp.example, expected_hosts: [kms01.corp.example, kms02.corp.example]}]}`,
    );
    const { code, out } = await runCommand(['check', '--config', file]);
    await folder.remove();
    expect(code).toBe(1);
    expect(out).toContain('kms02.corp.example is expected in corp.example but has no SRV record there');
  });

  it('keeps the other names and the port that the configuration gives a host', async () => {
    publish(['kms01', healthy]);
    const folder = await temporaryFolder();
    const file = await folder.write(
      'kmswatch.yml',
      `
discovery: {servers: ["${server}"], domains: [{name: corp.example, expected_hosts: [big.corp.example]}]}
hosts: [{name: big.corp.example, aliases: [kms01.corp.example, one.localhost], port: ${healthy.port}}]
`,
    );
    const domain = await runCommand(['check', '--config', file, '--domain', 'corp.example']);
    const host = await runCommand(['check', '--config', file, '--host', 'kms01.corp.example', '--format', 'json']);
    await folder.remove();
    expect([domain.code, domain.out]).toEqual([0, expect.stringContaining(`big.corp.example:${healthy.port}`)]);
    expect(JSON.parse(host.out).hosts).toMatchObject([{ host: 'big.corp.example', port: healthy.port }]);
  });

  it.each([
    ['nothing', ['check'], 'UNKNOWN: '],
    ['a name server that refuses', ['check', '--domain', 'other.example'], 'UNKNOWN: no name server answered'],
  ])('of %s is 3', async (_what, args, text) => {
    const folder = await temporaryFolder();
    const file = await folder.write('kmswatch.yml', `discovery: {servers: ["${server}"], domains: []}`);
    const { code, out } = await runCommand([...args, '--config', file]);
    await folder.remove();
    expect(code).toBe(3);
    expect(out).toContain(text);
  });

  it('opens one connection a bind and sends no second message', async () => {
    publish(['kms01', healthy]);
    const before = healthy.connections();
    await look();
    expect(healthy.connections() - before).toBe(2);
  });
});

test.each([
  [['check', '--host', 'a..b'], 3, /'a\.\.b' has an empty label/],
  [['leases', '--host', 'a..b'], 2, /'a\.\.b' has an empty label/],
  [['check', '--format', 'xml'], 3, /Allowed choices are table, json, nagios/],
  [['check', '--config', '/nonexistent/kmswatch.yml'], 3, /cannot read the configuration/],
  [['chek'], 2, /unknown command 'chek'[\s\S]*check/],
  [['run', '--web.listen', '::1'], 2, /brackets/],
  [['config', 'check', '/nonexistent/kmswatch.yml'], 2, /cannot read the configuration/],
])('kmswatch %j is %i', async (args, code, message) => {
  const result = await runCommand(args);
  expect(result.code).toBe(code);
  expect(result.error).toMatch(message);
});

test.each([
  [['help'], ['--help']],
  [
    ['help', 'config', 'check'],
    ['config', 'check', '--help'],
  ],
])('kmswatch %j is kmswatch %j', async (args, same) => {
  expect(await runCommand(args)).toEqual(await runCommand(same));
});

test.each([[['--help']], [['check', '--help']], [['--version']]])('kmswatch %j is 0', async (args) => {
  const { code, out } = await runCommand(args);
  expect([code, out.length > 0]).toEqual([0, true]);
});

describe('kmswatch config', () => {
  it('check finds nothing wrong with the example but the files that it names', async () => {
    // Its files are the user's to make; nothing else is wrong.
    const { code, out, error } = await runCommand(['config', 'check', 'config/kmswatch.example.yml']);
    expect([code, out]).toEqual([2, '']);
    for (const line of error.trimEnd().split('\n')) expect(line).toMatch(/^\S+:\d+:\d+: \S+_file: cannot read \//);
  });

  it('check names every mistake with its place', async () => {
    const folder = await temporaryFolder();
    const file = await folder.write('kmswatch.yml', 'probe:\n  timout: 5s\nhosts: [{name: a..b}]\n');
    const { code, error } = await runCommand(['config', 'check', file]);
    await folder.remove();
    expect(code).toBe(2);
    expect(error.split('\n').map((line) => line.replace(file, 'FILE'))).toEqual([
      expect.stringMatching(/^FILE:2:3: probe\.timout: .*timeout/),
      expect.stringMatching(/^FILE:3:16: hosts\[0\]\.name: 'a\.\.b' has an empty label/),
      '',
    ]);
  });

  it('print gives a configuration that is the same when it is read again', async () => {
    const folder = await temporaryFolder();
    const first = await runCommand(['config', 'print', 'config/kmswatch.example.yml']);
    const file = await folder.write('printed.yml', first.out);
    const second = await runCommand(['config', 'print', file]);
    await folder.remove();
    expect([first.code, second.out]).toEqual([0, first.out]);
  });
});
