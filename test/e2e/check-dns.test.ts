import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRounds } from '../../src/agent/rounds.ts';
import { schedulesOf } from '../../src/agent/schedule.ts';
import { defaultConfig } from '../../src/config/schema.ts';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { nameServer } from '../../src/discovery/servers.ts';
import { Estate } from '../../src/estate/estate.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { MINUTE_MS, millis } from '../../src/kernel/time.ts';
import { type Bind, startBind } from '../peers/bind.ts';
import { type Knot, startKnot } from '../peers/knot.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { runCommand } from '../support/command.ts';
import { settings } from '../support/estate.ts';
import { hostName } from '../support/host-name.ts';

describeWithPeers('what BIND and Knot say of targets', ['named', 'knotd'], () => {
  let bind: Bind;
  let old: Knot;
  let host: SimulatedHost;

  beforeAll(async () => {
    host = await startSimulatedHost({ kind: 'healthy' });
    const kms = [`_vlmcs._tcp SRV 0 0 ${host.port} kms01`, `kms01 A ${host.address}`];
    bind = await startBind({
      zones: {
        'corp.example': kms,
        'branch.example': ['_vlmcs._tcp SRV 0 0 1688 kms01.hq.test.'],
        'both.example': ['_vlmcs._tcp SRV 0 0 1688 kms01.hq.test.', ...kms],
        'mixed.example': ['_vlmcs._tcp SRV 0 0 1688 kms01.hq.test.', '_vlmcs._tcp SRV 0 0 1688 gone', ...kms],
        'dot.example': ['_vlmcs._tcp SRV 0 0 1688 kms01.dot.example'],
        'label.example': ['_vlmcs._tcp SRV 0 0 1688 kms01.'],
        'none.example': ['_vlmcs._tcp SRV 0 0 0 .'],
        'address.example': ['_vlmcs._tcp SRV 0 0 1688 192.0.2.7.'],
      },
    });
    old = await startKnot({
      'corp.example': [...kms, '_vlmcs._tcp SRV 0 0 1 kmsold', 'kmsold A 127.0.0.1'],
      'hq.test': [`kms01 A ${host.address}`],
    });
  });
  afterAll(() => Promise.all([bind?.stop(), old?.stop(), host?.close()]));

  function look(domain: string, ...args: readonly string[]) {
    return runCommand(['check', '--domain', domain, '--server', `${bind.address}:${bind.port}`, ...args]);
  }

  test('a target that the asked server does not serve is unknown, and nothing is said against its record', async () => {
    const { code, out } = await look('branch.example');
    expect(code).toBe(3);
    expect(out).toContain('No name server resolves kms01.hq.test');
    expect(out).toContain('UNKNOWN: 0 of 1 KMS host up, nothing is known of 1');
    expect(out).not.toMatch(/remove|no address|not a KMS host|CRITICAL/i);
  });

  test.each([
    ['none.example', /SRV 0 0 0 \. means that the service is not offered/, /take the domain out of discovery\.domains/],
    ['address.example', /its target must be a name, not an address/, /Give the SRV record the full name of a KMS host/],
  ])(
    'a record that no client can use is reported with what is wrong with it, not as missing: %s',
    async (domain, fault, remedy) => {
      const { code, out } = await look(domain);
      expect(code).toBe(2);
      expect(out).toMatch(new RegExp(`✗ No KMS record of ${domain}.*${fault.source}`));
      expect(out).toMatch(remedy);
      expect(out).not.toMatch(/create the SRV record by hand/);
    },
  );

  test.each(['table', 'json', 'nagios'])('it is unknown beside a host that is up, as %s', async (format) => {
    expect((await look('both.example', '--format', format)).code).toBe(3);
  });

  test('another fault beside it is a warning', async () => {
    const { code, out } = await look('mixed.example');
    expect(code).toBe(1);
    expect(out).toMatch(/publishes gone\.mixed\.example, which has no address/);
  });

  test('another server that resolves it settles it', async () => {
    const { code, out } = await look('branch.example', '--server', `${old.address}:${old.port}`);
    expect(out).toMatch(/kms01\.hq\.test +refused/);
    expect(code).toBe(2);
  });

  test('a missing final dot is named', async () => {
    const { code, out } = await look('dot.example');
    expect(code).toBe(2);
    expect(out).toContain('dot.example is in this name twice');
    expect(out).toContain('correct it to kms01.dot.example. ');
  });

  test('a target of one label is named', async () => {
    const { out } = await look('label.example');
    expect(out).toContain('a name without a domain');
    expect(out).not.toMatch(/remove/i);
  });

  test('one silent server of two is a warning', async () => {
    const { code } = await look('corp.example', '--server', '127.0.0.1:9');
    expect(code).toBe(1);
  });

  test('the verdict on a host that only an old zone has is the same in each round', async () => {
    let added = 0;
    const clock = {
      now: () => millis(systemClock.now() + added),
      monotonic: () => millis(systemClock.monotonic() + added),
    };
    const servers = [bind, old].map(({ address, port }) => nameServer(hostName(address), port));
    const watched = settings({ domains: [{ name: hostName('corp.example'), expectedHosts: undefined }], servers });
    const estate = new Estate(watched);
    const config = defaultConfig();
    const schedules = schedulesOf(config);
    const options = { config, settings: watched, schedules, estate, clock, random: systemRandom };
    const rounds = createRounds({ ...options, remember: async () => {} });
    const { signal } = new AbortController();
    const outcomes = new Set<string | undefined>();
    for (let round = 0; round < 12; round++) {
      if (round % 3 === 0) await rounds.discover(signal);
      await rounds.probe.probeAll({ first: true, signal });
      const seen = estate.snapshot(clock.now()).endpoints.find(({ port }) => port === 1);
      outcomes.add(seen?.probe?.outcome);
      added += 2 * MINUTE_MS;
    }
    rounds.close();
    expect([...outcomes]).toEqual(['refused']);
  });
});
