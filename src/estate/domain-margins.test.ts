import { expect, it } from 'vitest';
import { answer, estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { aggregates as aggregatesAt, records } from '../../test/support/records.ts';
import { millis } from '../kernel/time.ts';
import type { ProbeOutcome } from '../probe/types.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { domainHostsReady, domainMargins, failovers } from './domain-margins.ts';
import type { EstateSettings } from './settings.ts';

const NOW = 1_790_000_000;

interface Host {
  readonly outcome?: ProbeOutcome;
  /** Undefined: the count is not known. */
  readonly margin?: number;
  /** Whether it may serve the class with a margin that is not known. */
  readonly isOpen?: boolean;
  /** False: nothing was ever heard from it. */
  readonly isHeard?: boolean;
}

/** Hosts of one domain, kms1 and up, with what is known of their Windows clients. */
function judged(
  hosts: readonly Host[],
  { serves = {}, ...changes }: Partial<EstateSettings> & { serves?: object } = {},
) {
  const watched = estate(changes);
  const names = hosts.map((_, index) => hostName(`kms${index + 1}.corp.example`));
  watched.recordLookup(answer(NOW * 1000, names));
  for (const [index, { outcome }] of hosts.entries()) {
    if (outcome !== undefined) watched.recordProbe(probe(NOW * 1000, names[index] ?? '', outcome));
  }
  const known = aggregatesAt(NOW);
  const [blank] = known.hosts;
  const aggregates = hosts.flatMap(({ margin, isOpen = false, isHeard = true }, index): HostAggregates[] => {
    const host = names[index];
    if (blank === undefined || host === undefined || !isHeard) return [];
    const margins = margin === undefined ? [] : [{ cls: 'client', margin, breach: undefined } as const];
    return [{ ...blank, host, margins, open: isOpen ? ['client'] : [] }];
  });
  const logs = { ...records(NOW), aggregates: { ...known, hosts: aggregates }, serves: { ...serves } };
  const snapshot = watched.snapshot(millis(NOW * 1000));
  return {
    margin: domainMargins(snapshot, logs).map(({ margin }) => margin),
    best: domainMargins(snapshot, logs).map(({ host }) => host),
    ready: domainHostsReady(snapshot, logs).map(({ hosts: count }) => count),
    failovers: failovers(snapshot, logs).map(({ cls, host, others }) => [
      ...[cls, host.slice(0, 4)],
      ...others.map(({ host: other, margin }) => `${other.slice(0, 4)} ${margin}`),
    ]),
  };
}

it('the best host that is up decides, however good one is that is down', () => {
  expect(
    judged([
      { outcome: 'ok', margin: 7 },
      { outcome: 'ok', margin: -3 },
    ]),
  ).toMatchObject({ margin: [7], ready: [1], best: ['kms1.corp.example'] });
  expect(
    judged([
      { outcome: 'refused', margin: 7 },
      { outcome: 'ok', margin: -3 },
    ]),
  ).toMatchObject({ margin: [-3], ready: [0], best: ['kms2.corp.example'] });
  expect(judged([{ outcome: 'refused', margin: 7 }])).toMatchObject({ margin: [], ready: [0] });
});

it('a host of which nothing is known is neither up nor down', () => {
  expect(
    judged([
      { outcome: 'lookup_failed', margin: 7 },
      { outcome: 'ok', margin: -3 },
    ]),
  ).toMatchObject({ margin: [7], ready: [0] });
  expect(judged([{ outcome: 'lookup_failed', margin: 7 }])).toMatchObject({ margin: [7], ready: [] });
  expect(judged([{ margin: 7 }])).toMatchObject({ margin: [7], ready: [] });
});

it('a low margin is not claimed while another host may serve the class with one that is not known', () => {
  const low = { outcome: 'ok', margin: 4 } as const;
  expect(judged([low, { outcome: 'ok', isOpen: true }]).margin).toEqual([]);
  expect(judged([low, { outcome: 'ok', isOpen: false }]).margin).toEqual([4]);
  expect(judged([low, { outcome: 'ok', isHeard: false }]).margin).toEqual([]);
  expect(judged([low, { outcome: 'refused', isOpen: true }]).margin).toEqual([4]);
  expect(
    judged([
      { ...low, margin: 5 },
      { outcome: 'ok', isOpen: true },
    ]).margin,
  ).toEqual([5]);
});

it('a host that is configured for other classes does not interfere', () => {
  const hosts: Host[] = [
    { outcome: 'ok', margin: -2 },
    { outcome: 'ok', isHeard: false },
  ];
  expect(judged(hosts, { serves: { 'kms2.corp.example': ['office'] } }).margin).toEqual([-2]);
  expect(judged(hosts, { serves: { 'kms2.corp.example': ['client'] } }).margin).toEqual([]);
});

it('with probes switched off every host counts, and none is called ready', () => {
  const hosts: Host[] = [{ outcome: 'refused', margin: 7 }, { margin: -3 }];
  expect(judged(hosts, { isProbing: false })).toMatchObject({ margin: [7], ready: [] });
});

it('knows who is left if a host dies: those that are not down, with what they have counted', () => {
  const hosts = [
    { outcome: 'ok', margin: 7 },
    { outcome: 'ok', margin: -3 },
    { outcome: 'refused', margin: 9 },
  ] as const;
  expect(judged([...hosts, { outcome: 'ok', isOpen: true }, { outcome: 'ok' }]).failovers).toEqual([
    // Nobody asks the last one, whose log shows 61 clients.
    ['client', 'kms1', 'kms2 -3', 'kms4 undefined', 'kms5 36'],
  ]);
  expect(judged([{ outcome: 'ok', margin: 7 }]).failovers).toEqual([['client', 'kms1']]);
  expect(judged([{ outcome: 'ok', margin: -1 }]).failovers).toEqual([]);
});
