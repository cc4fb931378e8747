import { describe, expect, it } from 'vitest';
import { answer, estate, failure, probe, server, settings } from '../../test/support/estate.ts';
import { HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { Estate } from './estate.ts';

describe('what DNS says', () => {
  it('is the union of the servers, and says when they differ', () => {
    const watched = estate({ servers: [server('a'), server('b')] });
    watched.takeLookup(answer(0, ['kms01.corp.example'], { from: 'a' }));
    watched.takeLookup(answer(0, ['kms01.corp.example', 'kms02.corp.example'], { from: 'b' }));
    const [domain] = watched.view(millis(0)).domains;
    expect(domain?.records.map((record) => record.host)).toEqual(['kms01.corp.example', 'kms02.corp.example']);
    expect(domain?.disagree).toBe(true);
  });

  it('folds aliases into the name of the host', () => {
    const watched = estate({
      hosts: [{ name: 'kms01.corp.example', aliases: ['kms.corp.example'], port: undefined }],
      domains: [{ name: 'corp.example', expectedHosts: ['kms.corp.example'] }],
    });
    watched.takeLookup(answer(0, ['kms.corp.example', 'kms01.corp.example']));
    const [domain] = watched.view(millis(0)).domains;
    expect(domain?.records).toHaveLength(1);
    expect([domain?.missing, domain?.unexpected]).toEqual([[], []]);
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms01.corp.example', port: 1688, names: ['kms.corp.example', 'kms01.corp.example'] },
    ]);
  });

  it('names hosts that are missing and records that nobody expects', () => {
    const watched = estate({ domains: [{ name: 'corp.example', expectedHosts: ['kms01.corp.example'] }] });
    watched.takeLookup(answer(0, ['rogue.corp.example:1689']));
    const [domain] = watched.view(millis(0)).domains;
    expect(domain?.missing).toEqual(['kms01.corp.example']);
    expect(domain?.unexpected).toEqual([{ host: 'rogue.corp.example', port: 1689 }]);
  });

  it('keeps the last answer through a failed lookup, and no longer than its limit', () => {
    const watched = estate();
    watched.takeLookup(answer(0, ['kms01.corp.example']));
    watched.takeLookup(failure(5 * MINUTE_MS, 'timeout'));
    const [held] = watched.view(millis(15 * MINUTE_MS)).domains;
    expect(held?.records).toHaveLength(1);
    expect(held?.lookups[0]?.last?.failure?.reason).toBe('timeout');
    const [stale] = watched.view(millis(15 * MINUTE_MS + 1)).domains;
    expect([stale?.known, stale?.records, stale?.hostCount, stale?.disagree]).toEqual([
      false,
      [],
      undefined,
      undefined,
    ]);
    expect([stale?.lookups[0]?.total, stale?.lookups[0]?.failures.timeout]).toEqual([2, 1]);
  });

  it('gives no total while what a domain publishes is not known', () => {
    const watched = estate({
      domains: [{ name: 'corp.example', expectedHosts: ['kms01'] }],
      hosts: [{ name: 'down', aliases: [], port: 9 }],
    });
    expect([watched.view(millis(0)).hostCount, watched.view(millis(0)).domains[0]?.hostCount]).toEqual([
      undefined,
      undefined,
    ]);
    watched.takeLookup(answer(0, ['kms01', 'kms02']));
    watched.takeProbe(probe(0, 'kms02'));
    watched.takeProbe(probe(0, 'down', 'refused', 9));
    expect([watched.view(millis(0)).hostCount, watched.view(millis(0)).hostsUp]).toEqual([3, 1]);
    watched.takeProbe(probe(16 * MINUTE_MS, 'kms02'));
    watched.takeProbe(probe(16 * MINUTE_MS, 'down', 'refused', 9));
    const stale = watched.view(millis(16 * MINUTE_MS));
    expect([stale.hostCount, stale.hostsUp, stale.domains[0]?.hostCount]).toEqual([undefined, undefined, undefined]);
    expect(stale.endpoints.filter(({ up }) => up)).toHaveLength(1);
  });

  it('does not call a host unpublished while a domain is not known', () => {
    const watched = estate({
      domains: ['a.example', 'b.example'].map((name) => ({ name, expectedHosts: undefined })),
      hosts: [{ name: 'kms01', aliases: [], port: 1688 }],
    });
    watched.takeLookup(answer(0, [], { domain: 'a.example' }));
    expect(watched.view(millis(0)).hosts[0]?.published).toBeUndefined();
    watched.takeLookup(answer(0, [], { domain: 'b.example' }));
    expect(watched.view(millis(0)).hosts[0]?.published).toBe(false);
  });
});

describe('what is probed', () => {
  it('is looked after for 24 hours after it was last published', () => {
    const watched = estate();
    const [sighting] = watched.takeLookup(answer(0, ['kms01.corp.example:1689']));
    watched.takeLookup(answer(MINUTE_MS, []));
    expect(watched.targets(millis(24 * HOUR_MS - 1))).toEqual([
      { host: 'kms01.corp.example', port: 1689, names: ['kms01.corp.example'] },
    ]);
    expect(watched.targets(millis(24 * HOUR_MS))).toEqual([]);
    expect(sighting).toEqual({ domain: 'corp.example', target: 'kms01.corp.example', port: 1689, at: 0 });
  });

  it('takes up what an earlier run has seen', () => {
    const watched = new Estate(settings(), [{ domain: 'corp.example', target: 'kms01', port: 1688, at: millis(0) }]);
    expect(watched.targets(HOUR_MS)).toHaveLength(1);
  });

  it('is the published port where the configuration leaves the port open, else 1688, once DNS was asked', () => {
    const open = { aliases: [], port: undefined };
    const watched = estate({
      hosts: [
        { name: 'kms01', ...open },
        { name: 'kms02', ...open },
      ],
    });
    expect(watched.targets(millis(0))).toEqual([]);
    watched.takeLookup(answer(0, ['kms01:2688']));
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms01', port: 2688, names: ['kms01'] },
      { host: 'kms02', port: 1688, names: ['kms02'] },
    ]);
  });

  it('is resolved by the names under which DNS publishes it, the newest while they are fresh', () => {
    const watched = estate({
      hosts: [{ name: 'kms-a', aliases: ['old.corp.example', 'new.corp.example'], port: 1688 }],
    });
    expect(watched.targets(millis(0))[0]?.names).toEqual(['kms-a']);
    watched.takeLookup(answer(0, ['old.corp.example']));
    watched.takeLookup(answer(HOUR_MS, ['new.corp.example']));
    expect(watched.targets(HOUR_MS)[0]?.names).toEqual(['new.corp.example']);
    expect(watched.targets(millis(HOUR_MS + 16 * MINUTE_MS))[0]?.names).toEqual([
      'old.corp.example',
      'new.corp.example',
    ]);
  });

  it('stays when a reload adds a domain that nobody has looked up yet', () => {
    const hosts = [{ name: 'dmz', aliases: [], port: undefined }];
    const watched = estate({ hosts });
    watched.takeLookup(answer(0, []));
    watched.takeProbe(probe(0, 'dmz'));
    const domains = ['corp.example', 'new.example'].map((name) => ({ name, expectedHosts: undefined }));
    watched.configure(settings({ hosts, domains }), millis(0));
    expect(watched.view(millis(0)).endpoints[0]).toMatchObject({ host: 'dmz', up: true, total: 1 });
  });

  it('is both the configured and the published port where they differ', () => {
    const watched = estate({ hosts: [{ name: 'kms01', aliases: [], port: 1688 }] });
    watched.takeLookup(answer(0, ['kms01:1689']));
    expect(watched.targets(millis(0)).map((target) => target.port)).toEqual([1688, 1689]);
  });

  it('is an expected host too, published or not', () => {
    const watched = estate({ domains: [{ name: 'corp.example', expectedHosts: ['kms09.corp.example'] }] });
    watched.takeLookup(answer(0, []));
    expect(watched.targets(millis(0))).toEqual([
      { host: 'kms09.corp.example', port: 1688, names: ['kms09.corp.example'] },
    ]);
    expect(watched.view(millis(0)).hosts[0]).toEqual({ host: 'kms09.corp.example', published: false, expected: true });
  });
});

describe('what probes find', () => {
  it('says once that a host came up', () => {
    const watched = estate();
    watched.takeLookup(answer(0, ['kms01']));
    expect([
      watched.takeProbe(probe(1, 'kms01')),
      watched.takeProbe(probe(2, 'kms01')),
      watched.takeProbe(probe(3, 'kms01', 'refused')),
      watched.takeProbe(probe(4, 'kms01')),
    ]).toEqual([true, false, false, true]);
  });

  it('withdraws a probe after its limit; its time and totals stay', () => {
    const watched = estate();
    watched.takeLookup(answer(0, ['kms01']));
    watched.takeProbe(probe(0, 'kms01', 'refused'));
    watched.takeProbe(probe(0, 'kms01'));
    expect(watched.view(millis(3 * MINUTE_MS)).endpoints[0]?.up).toBe(true);
    expect(watched.view(millis(3 * MINUTE_MS)).hostsUp).toBe(1);
    const stale = watched.view(millis(3 * MINUTE_MS + 1));
    expect([stale.endpoints[0]?.up, stale.hostsUp, stale.domains[0]?.hostsUp]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([stale.endpoints[0]?.total, stale.endpoints[0]?.lastProbe]).toEqual([2, 0]);
    expect(stale.endpoints[0]?.failures.get('refused')).toBe(1);
  });

  it('counts a host of a domain as up only at a port that the domain publishes', () => {
    const watched = estate({ hosts: [{ name: 'kms01', aliases: [], port: 1688 }] });
    watched.takeLookup(answer(0, ['kms01:1689']));
    watched.takeProbe(probe(0, 'kms01', 'ok', 1688));
    watched.takeProbe(probe(0, 'kms01', 'refused', 1689));
    const view = watched.view(millis(0));
    expect([view.domains[0]?.hostsUp, view.hostsUp, view.hostCount]).toEqual([0, 1, 1]);
  });

  it('takes no word back when a second look could not tell', () => {
    const watched = estate();
    watched.takeLookup(answer(0, ['kms01']));
    watched.takeProbe(probe(0, 'kms01'));
    watched.takeImpostorCheck({ host: 'kms01', port: 1688, at: millis(0), genuine: false });
    watched.takeImpostorCheck({ host: 'kms01', port: 1688, at: HOUR_MS, genuine: undefined });
    expect(watched.view(millis(3 * HOUR_MS)).endpoints[0]?.genuine).toBe(false);
    expect(watched.view(millis(3 * HOUR_MS + 1)).endpoints[0]?.genuine).toBeUndefined();
  });
});

it('keeps what is still watched through a new configuration, and forgets the rest', () => {
  const watched = estate({ domains: ['a.example', 'b.example'].map((name) => ({ name, expectedHosts: undefined })) });
  watched.takeLookup(answer(0, ['kms01.a.example'], { domain: 'a.example' }));
  watched.takeLookup(answer(0, ['kms01.b.example'], { domain: 'b.example' }));
  watched.takeProbe(probe(0, 'kms01.a.example'));
  watched.configure(settings({ domains: [{ name: 'a.example', expectedHosts: undefined }] }), millis(0));
  const view = watched.view(millis(0));
  expect(view.domains.map((domain) => domain.name)).toEqual(['a.example']);
  expect(view.endpoints.map((endpoint) => [endpoint.host, endpoint.total])).toEqual([['kms01.a.example', 1]]);
});
