import { describe, expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { estate, MINUTE, probe } from '../../test/support/estate.ts';
import { withHosts } from '../../test/support/host-view.ts';
import { pictureOf } from '../../test/support/picture.ts';
import { OpenConditions } from './open-conditions.ts';
import type { Picture } from './picture.ts';
import { fromLines, toLines } from './remembered.ts';

const HOSTS = { domains: [], hosts: [{ name: 'kms01', aliases: [], port: 1688 }] };

function down(at: number): Picture {
  const watched = estate({ ...HOSTS, hosts: [...HOSTS.hosts, { name: 'kms02', aliases: [], port: 1688 }] });
  watched.takeProbe(probe(at, 'kms01', 'refused'));
  watched.takeProbe(probe(at, 'kms02'));
  return pictureOf(watched.view(at));
}

const FINE: Picture = pictureOf(estate({ domains: [] }).view(0));

describe('open conditions', () => {
  it('fire once they have held for their hold time, and not before', () => {
    const open = new OpenConditions();
    const seen = [0, 4, 5, 6].map((minute) => {
      const changed = open.take(down(minute * MINUTE), minute * MINUTE);
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
    open.take(down(0), 0);
    expect(open.take(FINE, MINUTE)).toBe(true);
    expect(open.all).toEqual([]);
    open.take(down(6 * MINUTE), 6 * MINUTE);
    expect(open.all).toMatchObject([{ since: 6 * MINUTE, firing: false }]);
  });

  it('go on over a restart', () => {
    const before = new OpenConditions();
    before.take(down(0), 0);
    const after = new OpenConditions(fromLines(toLines({ open: before.all, rises: new Map() })).open);
    expect(after.all).toEqual(before.all);
    after.take(down(10 * MINUTE), 10 * MINUTE);
    expect(after.all).toMatchObject([{ name: 'KmsHostDown', since: 0, firing: true }]);
  });

  describe('after a restart, while a host has not been heard of', () => {
    const BEFORE = ['KmsHostNotActivated', 'KmsActivationFeedStale'].map((name) => ({
      ...openCondition('kms01'),
      name,
      subject: { host: 'kms01' },
      since: 0,
      firing: true,
    }));
    const AWAITED = { up: undefined, failure: undefined };

    function heard(at: number, up: boolean | undefined): Picture {
      const watched = estate(HOSTS);
      watched.takeProbe(probe(at, 'kms01'));
      const report = { ...AWAITED, up, fresh: undefined, last: undefined };
      const subscription = { ...AWAITED, up, lastAnswer: undefined };
      return pictureOf(withHosts(watched.view(at), { kms01: { report, subscription } }));
    }

    it('stay as they were, and end once it is heard of', () => {
      const open = new OpenConditions(BEFORE);
      expect([open.take(heard(0, undefined), 0), open.all]).toEqual([false, BEFORE]);
      expect([open.take(heard(MINUTE, undefined), MINUTE), open.all]).toEqual([false, BEFORE]);
      expect([open.take(heard(2 * MINUTE, true), 2 * MINUTE), open.all]).toEqual([true, []]);
    });

    it('go on when they hold, and end like others afterwards', () => {
      const open = new OpenConditions(BEFORE);
      open.take(heard(0, undefined), 0);
      open.take(heard(MINUTE, false), MINUTE);
      expect(open.all.find(({ name }) => name === 'KmsActivationFeedStale')).toMatchObject({ since: 0 });
      open.take(heard(2 * MINUTE, undefined), 2 * MINUTE);
      expect(open.all).toEqual([]);
    });

    it('end where nobody waits for a word of the host any more', () => {
      const open = new OpenConditions(BEFORE);
      open.take(FINE, 0);
      expect(open.all).toEqual([]);
    });
  });

  it('forget what this version does not know', () => {
    const lines = ['{"name":"KmsOfTheFuture","severity":"warning","subject":{}}'];
    expect(fromLines(lines).open).toEqual([]);
  });

  it('never wait for a time that is to come', () => {
    const open = new OpenConditions();
    open.take(down(60 * MINUTE), 60 * MINUTE);
    open.take(down(0), 0);
    expect(open.all).toMatchObject([{ since: 0 }]);
  });

  it('have the number, the limit and the runbook', () => {
    const open = new OpenConditions();
    const watched = estate(HOSTS);
    watched.takeProbe(probe(0, 'kms01', 'refused'));
    open.take(pictureOf(watched.view(0)), 0);
    expect(open.all[0]).toMatchObject({
      name: 'KmsNoHostAvailable',
      value: 0,
      limit: 1,
      runbook: 'runbooks/KmsNoHostAvailable',
    });
  });
});
