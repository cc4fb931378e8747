import { describe, expect, it } from 'vitest';
import { answer, estate, failure, probe, server, settings } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { Estate } from './estate.ts';

describe('the DNS part of a snapshot', () => {
  it('has the records of all servers together, and whether the servers disagree', () => {
    const watched = estate({ servers: [server('a'), server('b')] });
    watched.recordLookup(answer(0, ['kms01.corp.example'], { from: 'a' }));
    watched.recordLookup(answer(0, ['kms01.corp.example', 'kms02.corp.example'], { from: 'b' }));
    const [domain] = watched.snapshot(millis(0)).domains;
    expect(domain?.records.map((record) => record.host)).toEqual(['kms01.corp.example', 'kms02.corp.example']);
    expect(domain?.disagree).toBe(true);
  });

  it('shows aliases under the name of their host', () => {
    const watched = estate({
      hosts: [{ name: hostName('kms01.corp.example'), aliases: [hostName('kms.corp.example')], port: undefined }],
      domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms.corp.example')] }],
    });
    watched.recordLookup(answer(0, ['kms.corp.example', 'kms01.corp.example']));
    const [domain] = watched.snapshot(millis(0)).domains;
    expect(domain?.records).toHaveLength(1);
    expect([domain?.missing, domain?.unexpected]).toEqual([[], []]);
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms01.corp.example', port: 1688, names: ['kms.corp.example', 'kms01.corp.example'] },
    ]);
  });

  it('names hosts that are missing and records that nobody expects', () => {
    const watched = estate({
      domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01.corp.example')] }],
    });
    watched.recordLookup(answer(0, ['rogue.corp.example:1689']));
    const [domain] = watched.snapshot(millis(0)).domains;
    expect(domain?.missing).toEqual(['kms01.corp.example']);
    expect(domain?.unexpected).toEqual([{ host: 'rogue.corp.example', port: 1689 }]);
  });

  it('keeps the last answer through a failed lookup, and no longer than its limit', () => {
    const watched = estate();
    watched.recordLookup(answer(0, ['kms01.corp.example']));
    watched.recordLookup(failure(5 * MINUTE_MS, 'timeout'));
    const [held] = watched.snapshot(millis(15 * MINUTE_MS)).domains;
    expect(held?.records).toHaveLength(1);
    expect(held?.lookups[0]?.last?.failure?.reason).toBe('timeout');
    const [stale] = watched.snapshot(millis(15 * MINUTE_MS + 1)).domains;
    expect([stale?.known, stale?.records, stale?.hostCount, stale?.disagree]).toEqual([
      false,
      [],
      undefined,
      undefined,
    ]);
    expect([stale?.lookups[0]?.total, stale?.lookups[0]?.failures.timeout]).toEqual([2, 1]);
  });

  it('keeps which hosts are of a domain while no name server answers, for a day', () => {
    const watched = estate({
      domains: ['a.example', 'b.example'].map((name) => ({ name: hostName(name), expectedHosts: undefined })),
    });
    watched.recordLookup(answer(0, ['kms01', 'kms02:1689'], { domain: 'a.example' }));
    watched.recordLookup(answer(0, ['kms02'], { domain: 'b.example' }));
    watched.recordProbe(probe(20 * HOUR_MS, 'kms01', 'refused'));
    watched.recordProbe(probe(20 * HOUR_MS, 'kms02', 'refused'));
    watched.recordProbe(probe(20 * HOUR_MS, 'kms02', 'ok', 1689));
    const membersAt = (at: number) =>
      watched.snapshot(millis(at)).domains.map(({ known, hosts, up, down }) => ({ known, hosts, up, down }));

    expect(membersAt(20 * HOUR_MS)).toEqual([
      { known: false, hosts: ['kms01', 'kms02'], up: ['kms02'], down: ['kms01'] },
      { known: false, hosts: ['kms02'], up: [], down: ['kms02'] },
    ]);
    expect(membersAt(24 * HOUR_MS).map(({ hosts }) => hosts)).toEqual([[], []]);

    watched.recordLookup(answer(24 * HOUR_MS, ['kms01'], { domain: 'a.example' }));
    watched.recordLookup(answer(24 * HOUR_MS, ['kms03'], { domain: 'a.example' }));
    expect(membersAt(24 * HOUR_MS)[0]?.hosts).toEqual(['kms03']);
  });

  it('knows the expected hosts of a domain before any name server answers', () => {
    const watched = estate({
      domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01.corp.example')] }],
    });
    expect(watched.snapshot(millis(0)).domains[0]?.hosts).toEqual(['kms01.corp.example']);
  });

  it('gives no total while what a domain publishes is not known', () => {
    const watched = estate({
      domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01')] }],
      hosts: [{ name: hostName('down'), aliases: [], port: 9 }],
    });
    expect([watched.snapshot(millis(0)).hostCount, watched.snapshot(millis(0)).domains[0]?.hostCount]).toEqual([
      undefined,
      undefined,
    ]);
    watched.recordLookup(answer(0, ['kms01', 'kms02']));
    watched.recordProbe(probe(0, 'kms02'));
    watched.recordProbe(probe(0, 'down', 'refused', 9));
    expect([watched.snapshot(millis(0)).hostCount, watched.snapshot(millis(0)).hostsUp]).toEqual([3, 1]);
    watched.recordProbe(probe(16 * MINUTE_MS, 'kms02'));
    watched.recordProbe(probe(16 * MINUTE_MS, 'down', 'refused', 9));
    const stale = watched.snapshot(millis(16 * MINUTE_MS));
    expect([stale.hostCount, stale.hostsUp, stale.domains[0]?.hostCount]).toEqual([undefined, undefined, undefined]);
    expect(stale.endpoints.filter(({ up }) => up)).toHaveLength(1);
  });

  it('does not call a host unpublished while a domain is not known', () => {
    const watched = estate({
      domains: ['a.example', 'b.example'].map((name) => ({ name: hostName(name), expectedHosts: undefined })),
      hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }],
    });
    watched.recordLookup(answer(0, [], { domain: 'a.example' }));
    expect(watched.snapshot(millis(0)).hosts[0]?.published).toBeUndefined();
    watched.recordLookup(answer(0, [], { domain: 'b.example' }));
    expect(watched.snapshot(millis(0)).hosts[0]?.published).toBe(false);
  });
});

describe('the list of hosts to probe', () => {
  it('keeps a host for 24 hours after it was last published', () => {
    const watched = estate();
    const [sighting] = watched.recordLookup(answer(0, ['kms01.corp.example:1689']));
    watched.recordLookup(answer(MINUTE_MS, []));
    expect(watched.targets(millis(24 * HOUR_MS - 1))).toEqual([
      { host: 'kms01.corp.example', port: 1689, names: ['kms01.corp.example'] },
    ]);
    expect(watched.targets(millis(24 * HOUR_MS))).toEqual([]);
    expect(sighting).toEqual({ domain: 'corp.example', target: 'kms01.corp.example', port: 1689, at: 0 });
  });

  it('begins with the sightings of an earlier run', () => {
    const watched = new Estate(settings(), [
      { domain: hostName('corp.example'), target: hostName('kms01'), port: 1688, at: millis(0) },
    ]);
    expect(watched.targets(HOUR_MS)).toHaveLength(1);
  });

  it('has the published port if none is configured, else 1688 once every domain was looked up', () => {
    const open = { aliases: [], port: undefined };
    const watched = estate({
      hosts: [
        { name: hostName('kms01'), ...open },
        { name: hostName('kms02'), ...open },
      ],
    });
    expect(watched.targets(millis(0))).toEqual([]);
    watched.recordLookup(answer(0, ['kms01:2688']));
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms01', port: 2688, names: ['kms01'] },
      { host: 'kms02', port: 1688, names: ['kms02'] },
    ]);
  });

  it('has the names under which DNS publishes a host, only the newest while they are fresh', () => {
    const watched = estate({
      hosts: [
        { name: hostName('kms-a'), aliases: [hostName('old.corp.example'), hostName('new.corp.example')], port: 1688 },
      ],
    });
    expect(watched.targets(millis(0))[0]?.names).toEqual(['kms-a']);
    watched.recordLookup(answer(0, ['old.corp.example']));
    watched.recordLookup(answer(HOUR_MS, ['new.corp.example']));
    expect(watched.targets(HOUR_MS)[0]?.names).toEqual(['new.corp.example']);
    expect(watched.targets(millis(HOUR_MS + 16 * MINUTE_MS))[0]?.names).toEqual([
      'old.corp.example',
      'new.corp.example',
    ]);
  });

  it('keeps its hosts if a reload adds a domain that was not looked up yet', () => {
    const hosts = [{ name: hostName('dmz'), aliases: [], port: undefined }];
    const watched = estate({ hosts });
    watched.recordLookup(answer(0, []));
    watched.recordProbe(probe(0, 'dmz'));
    const domains = ['corp.example', 'new.example'].map((name) => ({ name: hostName(name), expectedHosts: undefined }));
    watched.configure(settings({ hosts, domains }), millis(0));
    expect(watched.snapshot(millis(0)).endpoints[0]).toMatchObject({ host: 'dmz', up: true, total: 1 });
  });

  it('has both the configured and the published port if they differ', () => {
    const watched = estate({ hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] });
    watched.recordLookup(answer(0, ['kms01:1689']));
    expect(watched.targets(millis(0)).map((target) => target.port)).toEqual([1688, 1689]);
  });

  it('has expected hosts, published or not', () => {
    const watched = estate({
      domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms09.corp.example')] }],
    });
    watched.recordLookup(answer(0, []));
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms09.corp.example', port: 1688, names: ['kms09.corp.example'] },
    ]);
    expect(watched.snapshot(millis(0)).hosts[0]).toEqual({
      host: 'kms09.corp.example',
      published: false,
      expected: true,
    });
  });
});

describe('the probe part of a snapshot', () => {
  it('says once that a host came up', () => {
    const watched = estate();
    watched.recordLookup(answer(0, ['kms01']));
    expect([
      watched.recordProbe(probe(1, 'kms01')),
      watched.recordProbe(probe(2, 'kms01')),
      watched.recordProbe(probe(3, 'kms01', 'refused')),
      watched.recordProbe(probe(4, 'kms01')),
    ]).toEqual([true, false, false, true]);
  });

  it('withdraws a probe after its limit; its time and totals stay', () => {
    const watched = estate();
    watched.recordLookup(answer(0, ['kms01']));
    watched.recordProbe(probe(0, 'kms01', 'refused'));
    watched.recordProbe(probe(0, 'kms01'));
    expect(watched.snapshot(millis(3 * MINUTE_MS)).endpoints[0]?.up).toBe(true);
    expect(watched.snapshot(millis(3 * MINUTE_MS)).hostsUp).toBe(1);
    const stale = watched.snapshot(millis(3 * MINUTE_MS + 1));
    expect([stale.endpoints[0]?.up, stale.hostsUp, stale.domains[0]?.hostsUp]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([stale.endpoints[0]?.total, stale.endpoints[0]?.lastProbe]).toEqual([2, 0]);
    expect(stale.endpoints[0]?.failures.get('refused')).toBe(1);
  });

  it('counts a host of a domain as up only at a port that the domain publishes', () => {
    const watched = estate({ hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] });
    watched.recordLookup(answer(0, ['kms01:1689']));
    watched.recordProbe(probe(0, 'kms01', 'ok', 1688));
    watched.recordProbe(probe(0, 'kms01', 'refused', 1689));
    const snapshot = watched.snapshot(millis(0));
    expect([snapshot.domains[0]?.hostsUp, snapshot.hostsUp, snapshot.hostCount]).toEqual([0, 1, 1]);
  });

  it('keeps the last verdict on an impostor if a second look is inconclusive', () => {
    const watched = estate();
    watched.recordLookup(answer(0, ['kms01']));
    watched.recordProbe(probe(0, 'kms01'));
    watched.recordImpostorCheck({ host: hostName('kms01'), port: 1688, at: millis(0), genuine: false });
    watched.recordImpostorCheck({ host: hostName('kms01'), port: 1688, at: HOUR_MS, genuine: undefined });
    expect(watched.snapshot(millis(3 * HOUR_MS)).endpoints[0]?.genuine).toBe(false);
    expect(watched.snapshot(millis(3 * HOUR_MS + 1)).endpoints[0]?.genuine).toBeUndefined();
  });
});

it('a new configuration keeps the state of everything still watched, and drops the rest', () => {
  const watched = estate({
    domains: ['a.example', 'b.example'].map((name) => ({ name: hostName(name), expectedHosts: undefined })),
  });
  watched.recordLookup(answer(0, ['kms01.a.example'], { domain: 'a.example' }));
  watched.recordLookup(answer(0, ['kms01.b.example'], { domain: 'b.example' }));
  watched.recordProbe(probe(0, 'kms01.a.example'));
  watched.configure(settings({ domains: [{ name: hostName('a.example'), expectedHosts: undefined }] }), millis(0));
  const snapshot = watched.snapshot(millis(0));
  expect(snapshot.domains.map((domain) => domain.name)).toEqual(['a.example']);
  expect(snapshot.endpoints.map((endpoint) => [endpoint.host, endpoint.total])).toEqual([['kms01.a.example', 1]]);
});
