import { describe, expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { withHosts } from '../../test/support/host-snapshot.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, millis } from '../kernel/time.ts';
import { OpenConditions } from './open-conditions.ts';
import { fromLines, toLines } from './remembered.ts';
import type { ConditionSnapshot } from './snapshot.ts';

const HOSTS = { domains: [], hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] };

function down(at: number): ConditionSnapshot {
  const watched = estate({ ...HOSTS, hosts: [...HOSTS.hosts, { name: hostName('kms02'), aliases: [], port: 1688 }] });
  watched.recordProbe(probe(at, 'kms01', 'refused'));
  watched.recordProbe(probe(at, 'kms02'));
  return snapshotWith(watched.snapshot(millis(at)));
}

const FINE: ConditionSnapshot = snapshotWith(estate({ domains: [] }).snapshot(millis(0)));

describe('open conditions', () => {
  it('fire once they have held for their hold time, and not before', () => {
    const open = new OpenConditions();
    const seen = [0, 4, 5, 6].map((minute) => {
      const changed = open.evaluate(down(minute * MINUTE_MS), millis(minute * MINUTE_MS));
      return [changed, open.all.map(({ name, since, firing }) => [name, since, firing])];
    });
    expect(seen).toEqual([
      [true, [['KmsHostDown', 0, false]]],
      [false, [['KmsHostDown', 0, false]]],
      [true, [['KmsHostDown', 0, true]]],
      [false, [['KmsHostDown', 0, true]]],
    ]);
  });

  it('begin again after an evaluation at which they did not hold', () => {
    const open = new OpenConditions();
    open.evaluate(down(0), millis(0));
    expect(open.evaluate(FINE, MINUTE_MS)).toBe(true);
    expect(open.all).toEqual([]);
    open.evaluate(down(6 * MINUTE_MS), millis(6 * MINUTE_MS));
    expect(open.all).toMatchObject([{ since: 6 * MINUTE_MS, firing: false }]);
  });

  it('go on over a restart', () => {
    const before = new OpenConditions();
    before.evaluate(down(0), millis(0));
    const after = new OpenConditions(fromLines(toLines({ open: before.all, rises: new Map() })).open);
    expect(after.all).toEqual(before.all);
    after.evaluate(down(10 * MINUTE_MS), millis(10 * MINUTE_MS));
    expect(after.all).toMatchObject([{ name: 'KmsHostDown', since: 0, firing: true }]);
  });

  describe('after a restart, while a host has not been heard of', () => {
    const BEFORE = (['KmsHostNotActivated', 'KmsActivationFeedStale'] as const).map((name) => ({
      ...openCondition('kms01'),
      name,
      severity: name === 'KmsHostNotActivated' ? ('critical' as const) : ('warning' as const),
      subject: { host: 'kms01' },
      since: millis(0),
      firing: true,
    }));
    const AWAITED = { up: undefined, failure: undefined };

    function heard(at: number, up: boolean | undefined): ConditionSnapshot {
      const watched = estate(HOSTS);
      watched.recordProbe(probe(at, 'kms01'));
      const report = { ...AWAITED, up, fresh: undefined, last: undefined };
      const subscription = { ...AWAITED, up, lastAnswer: undefined };
      return snapshotWith(withHosts(watched.snapshot(millis(at)), { kms01: { report, subscription } }));
    }

    it('stay as they were, and end as others do once it is heard of', () => {
      const open = new OpenConditions(BEFORE);
      expect([open.evaluate(heard(0, undefined), millis(0)), open.all]).toEqual([false, BEFORE]);
      expect([open.evaluate(heard(MINUTE_MS, undefined), MINUTE_MS), open.all]).toEqual([false, BEFORE]);
      expect(open.evaluate(heard(2 * MINUTE_MS, true), millis(2 * MINUTE_MS))).toBe(true);
      expect(open.all.map(({ overSince }) => overSince)).toEqual([2 * MINUTE_MS, 2 * MINUTE_MS]);
      const later = millis(4 * HOUR_MS);
      expect([open.evaluate(heard(later, true), later), open.all]).toEqual([true, []]);
    });

    it('go on when they hold, and end like others afterwards', () => {
      const open = new OpenConditions(BEFORE);
      open.evaluate(heard(0, undefined), millis(0));
      open.evaluate(heard(MINUTE_MS, false), MINUTE_MS);
      expect(open.all.find(({ name }) => name === 'KmsActivationFeedStale')).toMatchObject({ since: 0 });
      open.evaluate(heard(2 * MINUTE_MS, undefined), millis(2 * MINUTE_MS));
      const feed = open.all.find(({ name }) => name === 'KmsActivationFeedStale');
      // It had not held for its hold time since the restart.
      expect(feed).toBeUndefined();
    });

    it('end where nobody waits for a word of the host any more', () => {
      const open = new OpenConditions(BEFORE);
      open.evaluate(FINE, millis(0));
      expect(open.all.map(({ overSince }) => overSince)).toEqual([0, 0]);
    });
  });

  describe('that fire', () => {
    const minutes = (open: OpenConditions, ...all: readonly (readonly [minute: number, isDown: boolean])[]) =>
      all.map(([minute, isDown]) => {
        const at = millis(minute * MINUTE_MS);
        open.evaluate(isDown ? down(at) : FINE, at);
        return open.all.map(({ since, firing, overSince }) => [since, firing, overSince]);
      });

    it('go on for as long as the catalogue says, and one that wavers is one', () => {
      const firing = [0, true, undefined];
      expect(minutes(new OpenConditions(), [0, true], [5, true], [6, false], [23, false], [24, false])).toEqual([
        [[0, false, undefined]],
        [firing],
        [[0, true, 6 * MINUTE_MS]],
        [[0, true, 6 * MINUTE_MS]],
        [],
      ]);
      const open = new OpenConditions();
      expect(minutes(open, [0, true], [5, true], [6, false], [9, true], [10, false], [27, false]).slice(3)).toEqual([
        [firing],
        [[0, true, 10 * MINUTE_MS]],
        [[0, true, 10 * MINUTE_MS]],
      ]);
    });

    it('do so over a restart too', () => {
      const before = new OpenConditions();
      minutes(before, [0, true], [5, true], [6, false]);
      const after = new OpenConditions(fromLines(toLines({ open: before.all, rises: new Map() })).open);
      expect(minutes(after, [23, false], [24, false])).toEqual([[[0, true, 6 * MINUTE_MS]], []]);
    });
  });

  it('say which other one is their cause', () => {
    const open = new OpenConditions();
    const watched = estate(HOSTS);
    watched.recordProbe(probe(0, 'kms01', 'refused'));
    const dark = snapshotWith(watched.snapshot(millis(0)));
    open.evaluate(dark, millis(0));
    expect(open.all.map(({ explainedBy }) => explainedBy)).toEqual([undefined, undefined]);
    open.evaluate(dark, millis(5 * MINUTE_MS));
    expect(open.all.map(({ name, explainedBy }) => [name, explainedBy])).toEqual([
      ['KmsNoHostAvailable', undefined],
      ['KmsHostDown', { name: 'KmsNoHostAvailable', subject: { hosts: 'kms01' } }],
    ]);
  });

  it('end no sooner than what they explain, so that no message names it then', () => {
    const open = new OpenConditions();
    const seen = (outcome: 'refused' | 'ok', minute: number) => {
      const watched = estate(HOSTS);
      watched.recordProbe(probe(0, 'kms01', outcome));
      open.evaluate(snapshotWith(watched.snapshot(millis(0))), millis(minute * MINUTE_MS));
      return open.all.filter(({ firing }) => firing).map(({ name, explainedBy }) => [name, explainedBy?.name]);
    };
    for (const minute of [0, 5]) seen('refused', minute);
    const all = Array.from({ length: 30 }, (_, index) => seen('ok', 6 + index));
    const cause = ['KmsNoHostAvailable', undefined];
    expect(all[0]).toEqual([cause, ['KmsHostDown', 'KmsNoHostAvailable']]);
    expect(all.at(-1)).toEqual([]);
    expect(all.flat().filter(([name, by]) => name === 'KmsHostDown' && by === undefined)).toEqual([]);
    expect(all.filter((firing) => firing.length === 1)).toEqual([[cause]]);
  });

  it('forget what this version does not know, and what is damaged', () => {
    const lines = ['{"na', '5', '{"name":"KmsOfTheFuture","severity":"warning","subject":{}}'];
    expect(fromLines(lines).open).toEqual([]);
  });

  it('never wait for a time that is to come', () => {
    const before = new OpenConditions();
    before.evaluate(down(60 * MINUTE_MS), millis(60 * MINUTE_MS));
    const open = new OpenConditions(before.all);
    open.evaluate(down(0), millis(0));
    open.evaluate(down(5 * MINUTE_MS), millis(5 * MINUTE_MS));
    expect(open.all).toMatchObject([{ since: 60 * MINUTE_MS, firing: true }]);
  });

  it('keep their beginning and their hold when the clock on the wall is set', () => {
    const open = new OpenConditions();
    open.evaluate(down(0), millis(0), millis(0));
    for (const wall of [-400 * DAY_MS, 400 * DAY_MS]) {
      open.evaluate(down(4 * MINUTE_MS), millis(4 * MINUTE_MS), millis(wall));
      expect(open.all).toMatchObject([{ since: 0, firing: false }]);
    }
    open.evaluate(down(5 * MINUTE_MS), millis(5 * MINUTE_MS), millis(-DAY_MS));
    expect(open.all).toMatchObject([{ since: 0, firing: true }]);
  });

  it('have the number, the limit and the runbook', () => {
    const open = new OpenConditions();
    const watched = estate(HOSTS);
    watched.recordProbe(probe(0, 'kms01', 'refused'));
    open.evaluate(snapshotWith(watched.snapshot(millis(0))), millis(0));
    expect(open.all[0]).toMatchObject({
      name: 'KmsNoHostAvailable',
      value: 0,
      limit: 1,
      runbook: 'runbooks/KmsNoHostAvailable',
    });
  });
});
