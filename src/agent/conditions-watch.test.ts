import { describe, expect, it } from 'vitest';
import { estate, probe } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { hostReport, keyReport, withHosts } from '../../test/support/host-snapshot.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { err, ok } from '../kernel/result.ts';
import { MINUTE_MS } from '../kernel/time.ts';
import { storeFailure } from '../store/failure.ts';
import { ConditionsWatch } from './conditions-watch.ts';

/** A store that keeps what it is given, unless it is broken. */
function memory(lines: readonly string[] = []) {
  const kept = { lines, writes: 0, isBroken: false };
  return {
    kept,
    openConditions: async () => (kept.isBroken ? err(storeFailure('full', 'the disk is full')) : ok(kept.lines)),
    saveOpenConditions: async (conditions: readonly string[]) => {
      if (kept.isBroken) return err(storeFailure('full', 'the disk is full'));
      kept.lines = conditions;
      kept.writes += 1;
      return ok(undefined);
    },
  };
}

function world() {
  const clock = manualClock();
  const watched = estate({ domains: [], hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] });
  const snapshot = () => {
    watched.recordProbe(probe(clock.now(), 'kms01', 'refused'));
    return snapshotWith(watched.snapshot(clock.now()));
  };
  return { clock, snapshot };
}

/** A host that says that it is asked, while its log, which is subscribed to, brings nothing. */
function silentLog() {
  const clock = manualClock();
  const watched = estate({ domains: [], hosts: [{ name: hostName('kms01'), aliases: [], port: 1688 }] });
  const saying = { requests: 10 };
  const snapshot = () => {
    const now = clock.now();
    watched.recordProbe(probe(now, 'kms01'));
    const last = hostReport(now, { keys: [keyReport(saying)] });
    const snapshot = withHosts(watched.snapshot(now), {
      kms01: {
        report: { up: true, failure: undefined, fresh: last, last },
        subscription: { up: true, failure: undefined, lastAnswer: now },
      },
    });
    return snapshotWith(snapshot);
  };
  return { clock, snapshot, saying };
}

const NAMES = ['KmsNoHostAvailable', 'KmsHostDown'];

describe('the watch over conditions', () => {
  it('judges nothing before the first rounds have ended', async () => {
    const store = memory();
    const watch = await ConditionsWatch.create({ snapshot: () => undefined, clock: manualClock(), store });
    watch.evaluate();
    await watch.stop();
    expect([watch.open, store.kept.writes]).toEqual([[], 0]);
  });

  it('remembers what is open, and goes on with it after a restart', async () => {
    const { clock, snapshot } = world();
    const store = memory();
    const first = await ConditionsWatch.create({ snapshot, clock, store });
    first.evaluate();
    await first.stop();
    clock.advance(10 * MINUTE_MS);
    const second = await ConditionsWatch.create({ snapshot: () => undefined, clock, store });
    expect(second.open.map(({ name, since, firing }) => [name, since, firing])).toEqual(
      NAMES.map((name) => [name, 0, false]),
    );
    const third = await ConditionsWatch.create({ snapshot, clock, store });
    third.evaluate();
    expect(third.open.map(({ since, firing }) => [since, firing])).toEqual(NAMES.map(() => [0, true]));
  });

  it('takes up what was open before a start with a broken store, once that can be read', async () => {
    const { clock, snapshot } = world();
    const store = memory();
    const first = await ConditionsWatch.create({ snapshot, clock, store });
    first.evaluate();
    await first.stop();
    clock.advance(10 * MINUTE_MS);
    store.kept.isBroken = true;
    const second = await ConditionsWatch.create({ snapshot, clock, store });
    second.evaluate();
    await second.stop();
    expect(second.open.map(({ since }) => since)).toEqual(NAMES.map(() => 10 * MINUTE_MS));
    store.kept.isBroken = false;
    second.evaluate();
    await second.stop();
    expect(second.open.map(({ since }) => since)).toEqual(NAMES.map(() => 0));
    expect(store.kept.lines.map((line) => JSON.parse(line).since)).toEqual(NAMES.map(() => 0));
  });

  it('remembers over a restart that a host was asked whose log brings nothing', async () => {
    const { clock, snapshot, saying } = silentLog();
    const store = memory();
    const first = await ConditionsWatch.create({ snapshot, clock, store });
    first.evaluate();
    clock.advance(30 * MINUTE_MS);
    saying.requests += 1;
    first.evaluate();
    await first.stop();
    clock.advance(29 * MINUTE_MS);
    const second = await ConditionsWatch.create({ snapshot, clock, store });
    second.evaluate();
    expect(second.open.map(({ name, since }) => [name, since])).toEqual([['KmsActivationFeedStale', 30 * MINUTE_MS]]);
    // The number before the rise is more than an hour old: nothing says any more that the host was asked.
    clock.advance(2 * MINUTE_MS);
    second.evaluate();
    expect(second.open).toEqual([]);
  });

  it('writes only when something has begun, ended or fired', async () => {
    const { clock, snapshot } = world();
    const store = memory();
    const watch = await ConditionsWatch.create({ snapshot, clock, store });
    for (let minute = 0; minute < 10; minute++) {
      watch.evaluate();
      await watch.stop();
      clock.advance(MINUTE_MS);
    }
    expect(store.kept.writes).toBe(2);
  });

  it('writes what a broken store did not take once it works again', async () => {
    const { clock, snapshot } = world();
    const store = memory();
    store.kept.isBroken = true;
    const watch = await ConditionsWatch.create({ snapshot, clock, store });
    watch.evaluate();
    await watch.stop();
    store.kept.isBroken = false;
    watch.evaluate();
    await watch.stop();
    expect(store.kept.lines).toHaveLength(2);
  });

  it('tells after every evaluation', async () => {
    const { clock, snapshot } = world();
    const watch = await ConditionsWatch.create({ snapshot, clock, store: memory() });
    const told: number[] = [];
    watch.onEvaluated((open) => told.push(open.length));
    watch.evaluate();
    watch.evaluate();
    await watch.stop();
    expect(told).toEqual([2, 2]);
  });
});
