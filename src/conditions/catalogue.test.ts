import { describe, expect, it, test } from 'vitest';
import { answer, estate, failure, probe, server } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { aggregates, records } from '../../test/support/records.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import type { Estate } from '../estate/estate.ts';
import type { EstateSettings } from '../estate/settings.ts';
import { DAY_S, HOUR_MS, millis, seconds } from '../kernel/time.ts';
import { PROBE_OUTCOMES, type ProbeOutcome } from '../probe/types.ts';
import { CATALOGUE, findingsIn } from './catalogue.ts';

function verdicts(changes: Partial<EstateSettings>, happen: (watched: Estate) => void): string[] {
  const watched = estate(changes);
  happen(watched);
  return findingsIn(snapshotWith(watched.snapshot(millis(0)))).map(({ name, severity, subject }) =>
    `${severity} ${name} ${Object.values(subject).join(' ')}`.trimEnd(),
  );
}

const EXPECTED = { domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01')] }] };

const CASES: readonly [string, Partial<EstateSettings>, (watched: Estate) => void, string[]][] = [
  [
    'a healthy estate',
    EXPECTED,
    (watched) => {
      watched.recordLookup(answer(0, ['kms01']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordImpostorCheck({ host: hostName('kms01'), port: 1688, at: millis(0), genuine: true });
    },
    [],
  ],
  ['nothing known yet', EXPECTED, () => {}, []],
  [
    'one of two down',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01', 'kms02']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordProbe(probe(0, 'kms02', 'refused'));
    },
    ['warning KmsHostDown kms02 1688 corp.example'],
  ],
  [
    'all down',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01']));
      watched.recordProbe(probe(0, 'kms01', 'filtered'));
    },
    [
      'critical KmsNoHostAvailable kms01',
      'critical KmsNoHostAvailable corp.example kms01',
      'warning KmsHostDown kms01 1688 corp.example',
    ],
  ],
  [
    'an impostor',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordImpostorCheck({ host: hostName('kms01'), port: 1688, at: millis(0), genuine: false });
    },
    ['warning KmsHostImpostor kms01 1688 corp.example'],
  ],
  [
    'no record at any server',
    {},
    (watched) => watched.recordLookup(answer(0, [])),
    ['critical KmsSrvRecordMissing corp.example'],
  ],
  [
    'no record at one server while the other is silent',
    { servers: [server('a'), server('b')] },
    (watched) => {
      watched.recordLookup(answer(0, [], { from: 'a' }));
      watched.recordLookup(failure(0, 'timeout', { from: 'b' }));
    },
    ['critical KmsSrvRecordMissing corp.example', 'warning KmsDnsLookupFailing corp.example b'],
  ],
  [
    'an expected host without a record, though up',
    EXPECTED,
    (watched) => {
      watched.recordLookup(answer(0, ['kms02']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordProbe(probe(0, 'kms02'));
    },
    ['warning KmsSrvRecordMissing corp.example kms01', 'warning KmsSrvRecordUnexpected corp.example kms02 1688'],
  ],
  [
    'a record whose target is no KMS host',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01', 'kms02']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordProbe(probe(0, 'kms02', 'unresolvable'));
    },
    ['warning KmsSrvRecordStale corp.example kms02 1688'],
  ],
  [
    'an expected host whose record is stale',
    { hosts: [{ name: hostName('kms02'), aliases: [], port: undefined }] },
    (watched) => {
      watched.recordLookup(answer(0, ['kms01', 'kms02']));
      watched.recordProbe(probe(0, 'kms01'));
      watched.recordProbe(probe(0, 'kms02', 'unresolvable'));
    },
    ['warning KmsHostDown kms02 1688 corp.example', 'warning KmsSrvRecordStale corp.example kms02 1688'],
  ],
  [
    'the only target in a zone that nobody serves: neither up nor down',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01.hq.test']));
      watched.recordProbe(probe(0, 'kms01.hq.test', 'lookup_failed'));
    },
    ['warning KmsDnsLookupFailing kms01.hq.test 1688'],
  ],
  [
    'a host that could not be tried for lack of open files: neither up nor down',
    { hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] },
    (watched) => {
      watched.recordProbe({ ...probe(0, 'kms01', 'error'), isOwnFault: true });
    },
    [],
  ],
  [
    'one target down, the other unknown',
    {},
    (watched) => {
      watched.recordLookup(answer(0, ['kms01.hq.test', 'kms02.corp.example']));
      watched.recordProbe(probe(0, 'kms01.hq.test', 'lookup_failed'));
      watched.recordProbe(probe(0, 'kms02.corp.example', 'refused'));
    },
    ['warning KmsHostDown kms02.corp.example 1688 corp.example', 'warning KmsDnsLookupFailing kms01.hq.test 1688'],
  ],
  [
    'a host that goes down while no name server answers',
    {},
    (watched) => {
      watched.recordLookup(answer(-HOUR_MS, ['kms01']));
      watched.recordLookup(failure(0, 'timeout'));
      watched.recordProbe(probe(0, 'kms01', 'refused'));
    },
    ['warning KmsHostDown kms01 1688 corp.example', 'warning KmsDnsLookupFailing corp.example 10.0.0.53'],
  ],
  [
    'servers that disagree',
    { servers: [server('a'), server('b')] },
    (watched) => {
      watched.recordLookup(answer(0, ['kms01'], { from: 'a' }));
      watched.recordLookup(answer(0, [], { from: 'b' }));
      watched.recordProbe(probe(0, 'kms01'));
    },
    ['warning KmsDnsServersDisagree corp.example'],
  ],
];

test.each(CASES)('%s', (_name, changes, happen, expected) => {
  expect(verdicts(changes, happen)).toEqual(expected);
});

describe('what a person reads', () => {
  it('names the host and tells what to do, for every outcome', () => {
    for (const outcome of PROBE_OUTCOMES.filter((each) => each !== 'ok' && each !== 'lookup_failed')) {
      const watched = estate({ hosts: [{ name: hostName('kms01'), aliases: [], port: 1689 }] });
      watched.recordProbe(probe(0, 'kms01', outcome, 1689));
      const down = findingsIn(snapshotWith(watched.snapshot(millis(0)))).find(
        (verdict) => verdict.name === 'KmsHostDown',
      );
      expect(down?.summary).toContain('kms01:1689');
      expect(down?.remedy).toMatch(/\.$/);
    }
  });

  it.each([
    [
      'unresolvable',
      'kms01.rel.example.com.rel.example.com',
      /^rel\.example\.com is in this name twice.*correct it to kms01\.rel\.example\.com\. /,
    ],
    ['lookup_failed', 'kms01.rel.example.com.rel.example.com', /lacks its final dot/],
    ['unresolvable', 'kms01', /a name without a domain/],
    ['lookup_failed', 'kms01', /a name without a domain/],
    ['unresolvable', 'gone.corp.example', /remove the SRV record if the host no longer exists/],
    ['lookup_failed', 'kms01.hq.test', /name a server that resolves its name/],
  ] as const)('of a target that is %s: %s', (outcome, target, advice) => {
    const watched = estate();
    watched.recordLookup(answer(0, [target]));
    watched.recordProbe(probe(0, target, outcome));
    const found = findingsIn(snapshotWith(watched.snapshot(millis(0)))).filter(
      ({ severity }) => severity === 'warning',
    );
    expect(found.map(({ remedy }) => remedy)).toEqual([expect.stringMatching(advice)]);
    const told = found.map(({ summary, remedy }) => `${summary} ${remedy}`).join(' ');
    if (outcome === 'lookup_failed') expect(told).not.toMatch(/remove|delete|no address|no KMS|not a KMS/i);
  });

  it('names the server that alone publishes a stale record, and does not say to remove it', () => {
    const watched = estate({ servers: [server('a'), server('b')] });
    watched.recordLookup(answer(0, ['kms01'], { from: 'a' }));
    watched.recordLookup(answer(0, ['kms01', 'kmsold'], { from: 'b' }));
    watched.recordProbe(probe(0, 'kms01'));
    watched.recordProbe(probe(0, 'kmsold', 'unresolvable'));
    const stale = findingsIn(snapshotWith(watched.snapshot(millis(0)))).find(
      ({ name }) => name === 'KmsSrvRecordStale',
    );
    expect(stale?.summary).toContain('kmsold (only at b), which has no address');
    expect(stale?.remedy).toContain('Only b publishes this record');
  });

  it.each([
    [
      'each with its own',
      { a: ['kms01', 'kms02'], b: ['kms01', 'kms02/0/5'] },
      'a also has 0 0 1688 kms02; b also has 0 5 1688 kms02',
    ],
    [
      'two of three with one more',
      { a: ['kms01', 'kms02'], b: ['kms01', 'kms02'], c: ['kms01'] },
      'a also has 0 0 1688 kms02; b also has 0 0 1688 kms02; c has only the common records',
    ],
    ['one with none', { a: ['kms01'], b: [] }, 'a has 0 0 1688 kms01; b has none'],
  ])('names the records in which servers differ, %s', (_which, records, words) => {
    const watched = estate({ servers: Object.keys(records).map(server) });
    for (const [from, hosts] of Object.entries(records)) watched.recordLookup(answer(0, hosts, { from }));
    const found = findingsIn(snapshotWith(watched.snapshot(millis(0)))).find(
      ({ name }) => name === 'KmsDnsServersDisagree',
    );
    expect(found?.summary).toBe(`The name servers of corp.example disagree about its KMS records: ${words}`);
  });

  it('lists the leases within the configured limits', () => {
    const { classes, ...others } = aggregates(0);
    const expiring = classes.map((each) => ({ ...each, tally: { ...each.tally, warn: 9, critical: 9 } }));
    const known = { ...records(0, { ...others, classes: expiring }), criticalWithin: seconds(14 * DAY_S) };
    const remedies = new Map(
      findingsIn(snapshotWith(estate().snapshot(millis(0)), { logs: known })).map(({ name, remedy }) => [name, remedy]),
    );
    expect(remedies.get('KmsLeasesExpiringSoon')).toMatch(/^kmswatch leases --within 14d lists them\. /);
    expect(remedies.get('KmsLeasesExpiring')).toMatch(/^kmswatch leases --state expiring lists them/);
  });

  it('fills in the host and the domain', () => {
    const known = records(0);
    const findings = findingsIn(snapshotWith(estate().snapshot(millis(0)), { logs: known }));
    expect(findings.find(({ name }) => name === 'KmsDnsPublishingFailed')?.remedy).toContain(
      '_vlmcs._tcp.corp.example',
    );
    expect(findings.filter(({ remedy }) => remedy.includes('{{'))).toEqual([]);
  });

  it('speaks of one host as of one', () => {
    const watched = estate({ hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }], domains: [] });
    watched.recordProbe(probe(0, 'kms01', 'refused'));
    expect(findingsIn(snapshotWith(watched.snapshot(millis(0))))[0]?.summary).toBe(
      'The only KMS host known here is not up: kms01 (test: refused)',
    );
  });
});

describe('the last hosts of a domain', () => {
  const dark = (...outcomes: readonly ProbeOutcome[]) => {
    const watched = estate();
    const names = outcomes.map((_, index) => `kms0${index + 1}.corp.example`);
    watched.recordLookup(answer(0, names));
    for (const [index, outcome] of outcomes.entries()) watched.recordProbe(probe(0, names[index] ?? '', outcome));
    return findingsIn(snapshotWith(watched.snapshot(millis(0)))).find(
      ({ name, subject }) => name === 'KmsNoHostAvailable' && subject['domain'] !== undefined,
    );
  };

  it('are named with the reason and the remedy of each', () => {
    const found = dark('refused', 'filtered');
    expect(found?.subject).toEqual({ domain: 'corp.example', hosts: 'kms01.corp.example, kms02.corp.example' });
    expect(found?.summary).toBe(
      'None of the 2 KMS hosts of corp.example is up: kms01.corp.example (test: refused) and kms02.corp.example (test: filtered)',
    );
    expect(found?.remedy).toMatch(
      /^kms01\.corp\.example: Nothing is listening.* kms02\.corp\.example: There is no answer/,
    );
  });

  it.each(PROBE_OUTCOMES)('are never to be taken out of DNS: %s', (outcome) => {
    const remedy = dark(outcome)?.remedy ?? '';
    expect(remedy).not.toMatch(/remove|out of DNS|delete/i);
  });
});

it('has each condition once', () => {
  const names = CATALOGUE.map(({ name, severity, variant }) => `${severity} ${name} ${variant}`);
  expect(new Set(names).size).toBe(names.length);
});
