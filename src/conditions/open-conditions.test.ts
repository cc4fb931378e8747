import { describe, expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { withHosts } from '../../test/support/host-snapshot.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { MINUTE_MS, millis } from '../kernel/time.ts';
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

  it('begin anew after an evaluation at which they did not hold', () => {
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
    const BEFORE = ['KmsHostNotActivated', 'KmsActivationFeedStale'].map((name) => ({
      ...openCondition('kms01'),
      name,
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

    it('stay as they were, and end once it is heard of', () => {
      const open = new OpenConditions(BEFORE);
      expect([open.evaluate(heard(0, undefined), millis(0)), open.all]).toEqual([false, BEFORE]);
      expect([open.evaluate(heard(MINUTE_MS, undefined), MINUTE_MS), open.all]).toEqual([false, BEFORE]);
      expect([open.evaluate(heard(2 * MINUTE_MS, true), millis(2 * MINUTE_MS)), open.all]).toEqual([true, []]);
    });

    it('go on when they hold, and end like others afterwards', () => {
      const open = new OpenConditions(BEFORE);
      open.evaluate(heard(0, undefined), millis(0));
      open.evaluate(heard(MINUTE_MS, false), MINUTE_MS);
      expect(open.all.find(({ name }) => name === 'KmsActivationFeedStale')).toMatchObject({ since: 0 });
      open.evaluate(heard(2 * MINUTE_MS, undefined), millis(2 * MINUTE_MS));
      expect(open.all).toEqual([]);
    });

    it('end where nobody waits for a word of the host any more', () => {
      const open = new OpenConditions(BEFORE);
      open.evaluate(FINE, millis(0));
      expect(open.all).toEqual([]);
    });
  });

  it('forget what this version does not know', () => {
    const lines = ['{"name":"KmsOfTheFuture","severity":"warning","subject":{}}'];
    expect(fromLines(lines).open).toEqual([]);
  });

  it('never wait for a time that is to come', () => {
    const open = new OpenConditions();
    open.evaluate(down(60 * MINUTE_MS), millis(60 * MINUTE_MS));
    open.evaluate(down(0), millis(0));
    expect(open.all).toMatchObject([{ since: 0 }]);
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
