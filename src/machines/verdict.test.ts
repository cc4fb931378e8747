import { describe, expect, it, test } from 'vitest';
import { DAY_S } from '../kernel/time.ts';
import { ALIVE, bothPresences, DISABLED, isGone, NAMED, presenceOf, RECENT, SEEN } from './presence.ts';
import type { LeaseFacts, MachineFacts, SourceRow, Verdict, WordFacts } from './types.ts';
import { judgeMachine, judgeUnseen as judgeNameless, judgeProduct } from './verdict.ts';

const NOW = 20_000 * DAY_S;
const SETTINGS = { validity: 180 * DAY_S, renewalInterval: 7 * DAY_S, alive: 30 * DAY_S, gone: 90 * DAY_S };

/** So many days ago. */
const ago = (days: number): number => NOW - days * DAY_S;

const machine = (facts: Partial<MachineFacts> = {}): MachineFacts => ({
  ...{ isAlive: true, seen: ago(0), isInLog: true, areLogsWhole: true, isHost: false, toldAnswered: 0, toldFailed: 0 },
  ...facts,
});

/** Answered a day ago. */
const lease = (facts: Partial<LeaseFacts> = {}): LeaseFacts => ({
  ...{ state: 'valid', doubt: false, failed: false, since: ago(100), last: ago(1), inVain: true, answered: ago(1) },
  ...{ heard: true, expiry: NOW + 179 * DAY_S, ...facts },
});

const word = (facts: Partial<WordFacts> = {}): WordFacts => ({
  ...{ at: ago(0), status: 1, minutes: null, way: 'kms', hostKey: false, ...facts },
});

type Facts = { lease?: LeaseFacts; word?: WordFacts; machine?: MachineFacts };

const verdictOf = ({ lease, word, machine: facts = machine() }: Facts): Verdict =>
  judgeProduct({ lease, word }, facts, NOW, SETTINGS).verdict;

describe('a product', () => {
  const silent = lease({ last: ago(20), answered: ago(20), expiry: NOW + 160 * DAY_S });
  const unseen = machine({ isInLog: false });
  const dead = machine({ isAlive: false, seen: ago(60) });

  test.each<[string, Verdict, Facts]>([
    ['was answered of late', 'renewing', { lease: lease() }],
    ['has another way by its own word', 'other_activation', { word: word({ way: 'mak' }) }],
    [
      'said so after its last request',
      'other_activation',
      { lease: silent, word: word({ way: 'directory', at: ago(2) }) },
    ],
    ['said so before its last request', 'renewing', { lease: lease(), word: word({ way: 'mak', at: ago(2) }) }],
    ['has the key of a host', 'other_activation', { word: word({ hostKey: true }) }],
    ['gives minutes that KMS never gives', 'other_activation', { lease: lease({ state: 'other_license', expiry: 0 }) }],
    ['was refused', 'failing', { lease: lease({ failed: true }) }],
    ['asks in vain', 'failing', { lease: lease({ state: 'unactivated', expiry: 0 }) }],
    [
      'asked once, and nobody knows what came of it',
      'renewing',
      { lease: lease({ state: 'unactivated', expiry: 0, inVain: false }) },
    ],
    ['renews in vain', 'failing', { lease: lease({ doubt: true, state: 'renewal_failing' }) }],
    ['renews in vain and has lapsed', 'failing', { lease: lease({ doubt: true, state: 'expired', expiry: ago(1) }) }],
    ['says that it is in notification', 'failing', { word: word({ status: 5 }) }],
    ['is refused by a host that nobody reads', 'failing', { machine: machine({ isInLog: false, toldFailed: ago(1) }) }],
    [
      'was answered after that',
      'renewing',
      { machine: machine({ isInLog: false, toldFailed: ago(2), toldAnswered: ago(1) }) },
    ],
    [
      'has lapsed',
      'lapsed',
      { lease: lease({ state: 'expired', last: ago(200), answered: ago(200), expiry: ago(20) }) },
    ],
    ['is silent while a source sees it', 'not_renewing', { lease: silent }],
    ['was seen no later than 14 days after', 'renewing', { lease: silent, machine: machine({ seen: ago(6) }) }],
    ['was seen a second later', 'not_renewing', { lease: silent, machine: machine({ seen: ago(6) + 1 }) }],
    ['is silent like its machine', 'renewing', { lease: silent, machine: dead }],
    ['is silent at a host whose log is not read', 'renewing', { lease: { ...silent, heard: false } }],
    ['says that it renewed elsewhere', 'renewing', { lease: silent, word: word({ minutes: 179 * 1440 }) }],
    ['says that it did not', 'not_renewing', { lease: silent, word: word({ minutes: 160 * 1440 }) }],
    ['never asked', 'never_asked', { word: word({ status: 2 }), machine: unseen }],
    [
      'never asked, and nobody knows all logs',
      'unknown',
      { word: word({ status: 2 }), machine: machine({ isInLog: false, areLogsWhole: false }) },
    ],
    ['is licensed by its own word', 'renewing', { word: word(), machine: unseen }],
    ['was licensed until its time ran out', 'unknown', { word: word({ at: ago(50), minutes: 1440 }), machine: unseen }],
    ['has a lease that runs', 'renewing', { lease: silent, machine: dead }],
    ['is of nobody knows what', 'unknown', { word: word({ status: 1, way: null }), machine: dead }],
  ])('%s: %s', (_, verdict, facts) => {
    expect(verdictOf(facts)).toBe(verdict);
  });
});

describe('a machine', () => {
  const judged = (verdict: Verdict) => ({ verdict, since: undefined });

  it.each<[Verdict | undefined, readonly Verdict[], Verdict]>([
    ['renewing', ['failing'], 'renewing'],
    ['not_renewing', ['renewing'], 'not_renewing'],
    ['other_activation', ['renewing', 'failing'], 'failing'],
    ['other_activation', ['other_activation'], 'other_activation'],
    ['other_activation', [], 'other_activation'],
    ['unknown', ['other_activation'], 'other_activation'],
    ['unknown', ['lapsed', 'not_renewing'], 'lapsed'],
    [undefined, ['renewing', 'not_renewing'], 'not_renewing'],
    [undefined, [], 'unknown'],
  ])('with a Windows that is %s, and others that are %j, is %s', (windows, others, verdict) => {
    expect(judgeMachine(windows && judged(windows), others.map(judged)).verdict).toBe(verdict);
  });

  it('of no product has never asked, is a host, or is unknown', () => {
    const judgeUnseen = (facts: MachineFacts) => judgeNameless(facts, NOW, SETTINGS);
    expect(judgeUnseen(machine({ isInLog: false })).verdict).toBe('never_asked');
    expect(judgeUnseen(machine({ isInLog: false, toldFailed: ago(1) })).verdict).toBe('failing');
    expect(judgeUnseen(machine({ isInLog: false, toldAnswered: ago(1) })).verdict).toBe('renewing');
    expect(judgeUnseen(machine({ isInLog: false, isHost: true })).verdict).toBe('other_activation');
    expect(judgeUnseen(machine({ isInLog: false, isAlive: false })).verdict).toBe('unknown');
    expect(judgeUnseen(machine()).verdict).toBe('unknown');
  });
});

describe('whether a machine is there', () => {
  const row = (days: number, facts: Partial<SourceRow> = {}): SourceRow => ({
    ...{ seen: ago(days), wordAt: NOW, readAt: NOW, disabled: false, ...facts },
  });
  const goneBy = (rows: readonly SourceRow[], answered = 0): boolean => {
    let [presence, wordAt] = [0, 0];
    for (const one of rows) {
      presence = bothPresences(presence, wordAt, presenceOf(one, SETTINGS), one.wordAt);
      wordAt = Math.max(wordAt, one.wordAt);
    }
    return isGone(presence, answered, NOW, SETTINGS);
  };

  it('is written as bits', () => {
    expect(presenceOf(row(30), SETTINGS)).toBe(NAMED | SEEN | RECENT | ALIVE);
    expect(presenceOf(row(31, { disabled: true }), SETTINGS)).toBe(NAMED | SEEN | RECENT | DISABLED);
    expect(presenceOf(row(0, { seen: 0 }), SETTINGS)).toBe(NAMED);
  });

  it.each<[string, boolean, readonly SourceRow[], number?]>([
    ['nobody named it', false, []],
    ['a source saw it 90 days ago', false, [row(90)]],
    ['none saw it within 90 days', true, [row(91), row(200)]],
    ['one of two did', false, [row(91), row(50)]],
    ['one that never saw it says nothing', true, [row(91), row(0, { seen: 0 })]],
    ['no source ever saw it', false, [row(0, { seen: 0 })]],
    ['it is disabled, though seen yesterday', true, [row(1, { disabled: true })]],
    ['it is enabled again by a newer word', false, [row(50, { disabled: true, wordAt: ago(2) }), row(60)]],
    ['it is disabled by a newer word', true, [row(50, { wordAt: ago(2) }), row(60, { disabled: true })]],
    ['another source saw it within 30 days', false, [row(20, { wordAt: ago(2) }), row(60, { disabled: true })]],
    ['a host answered it within 30 days', false, [row(91)], ago(30)],
    ['a host answered it before', true, [row(91)], ago(31)],
    ['a source that stopped makes nobody gone', false, [row(300, { wordAt: ago(290), readAt: ago(290) })]],
    ['it is no longer in a source that goes on', true, [row(100, { wordAt: ago(100) })]],
  ])('%s: gone %s', (_, gone, rows, answered) => {
    expect(goneBy(rows, answered)).toBe(gone);
  });
});
