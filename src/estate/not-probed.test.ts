import { describe, expect, it } from 'vitest';
import { answer, estate, probe, settings } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { openIn } from '../../test/support/snapshot.ts';
import { millis } from '../kernel/time.ts';

const ELSEWHERE = { name: hostName('kms01.corp.example'), aliases: [hostName('kms.corp.example')], port: undefined };
const NOW = millis(0);

describe('a host whose port is watched from elsewhere', () => {
  it('is watched and not probed, under any of its names', () => {
    const watched = estate({ hosts: [{ ...ELSEWHERE, isProbed: false }] });
    watched.recordLookup(answer(0, ['kms.corp.example:1690', 'kms02.corp.example']));
    expect(watched.targets(NOW).map(({ host }) => host)).toEqual(['kms01.corp.example', 'kms02.corp.example']);
    expect(watched.probeTargets(NOW).map(({ host }) => host)).toEqual(['kms02.corp.example']);
    expect(watched.newTargets(NOW).map(({ host }) => host)).toEqual(['kms02.corp.example']);
  });

  it('is neither up nor down, and nothing is said of it', () => {
    const watched = estate({ hosts: [{ ...ELSEWHERE, isProbed: false }] });
    watched.recordLookup(answer(0, ['kms.corp.example']));
    const snapshot = watched.snapshot(NOW);
    expect(snapshot.endpoints[0]).toMatchObject({ isProbed: false, unknown: true, up: undefined, probe: undefined });
    expect([snapshot.hostCount, snapshot.hostsUp, snapshot.hostsUnknown]).toEqual([1, 0, 1]);
    expect(openIn(snapshot)).toEqual([]);
  });

  it('loses what a probe found before, and is probed again when that is asked for', () => {
    const hosts = [{ ...ELSEWHERE, port: 1688 }];
    const watched = estate({ hosts, domains: [] });
    watched.recordProbe(probe(0, 'kms01.corp.example', 'refused'));
    watched.configure(settings({ hosts: hosts.map((host) => ({ ...host, isProbed: false })), domains: [] }), NOW);
    expect(watched.snapshot(NOW).endpoints[0]).toMatchObject({ up: undefined, total: 0, lastProbe: undefined });
    watched.configure(settings({ hosts, domains: [] }), NOW);
    expect(watched.newTargets(NOW)).toHaveLength(1);
  });

  it('does not hide that the others are down', () => {
    const watched = estate({ hosts: [{ ...ELSEWHERE, isProbed: false }] });
    watched.recordLookup(answer(0, ['kms.corp.example', 'kms02.corp.example']));
    watched.recordProbe(probe(0, 'kms02.corp.example', 'refused'));
    expect(openIn(watched.snapshot(NOW)).map(({ name }) => name)).toEqual(['KmsHostDown']);
  });
});

it('if no host is probed, one that the command line names is', () => {
  const watched = estate({ isProbing: false, hosts: [{ ...ELSEWHERE, port: 1688, isProbed: true }] });
  watched.recordLookup(answer(0, ['kms02.corp.example']));
  expect(watched.probeTargets(NOW).map(({ host }) => host)).toEqual(['kms01.corp.example']);
});
