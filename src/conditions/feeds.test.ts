import { expect, it } from 'vitest';
import { estate } from '../../test/support/estate.ts';
import { hostName } from '../../test/support/host-name.ts';
import { records } from '../../test/support/records.ts';
import { snapshotWith } from '../../test/support/snapshot.ts';
import { DAY_S, HOUR_S, millis, seconds } from '../kernel/time.ts';
import type { HostAggregates } from '../store/aggregates.ts';
import { isAnyReading, staleFeeds, unjudgedHosts } from './feeds.ts';

const NOW = seconds(1_800_000_000);
const HOST = hostName('kms01.corp.example');

function judged(changes: Partial<HostAggregates>) {
  const host = {
    host: HOST,
    lastEvent: NOW,
    firstRecord: NOW,
    lastArrival: NOW,
    gaps: 0,
    lastGap: undefined,
    failures: [],
    dnsPublish: [],
    pools: [],
    counts: [],
    margins: [],
    open: [],
    skewed: 0,
    skewedNames: [],
    ...changes,
  };
  const known = records(NOW);
  const aggregates = known.aggregates && { ...known.aggregates, hosts: [host] };
  const snapshot = snapshotWith(estate({ hosts: [] }).snapshot(millis(NOW * 1000)), { logs: { ...known, aggregates } });
  return {
    isStale: staleFeeds(snapshot).has(HOST),
    isJudged: !unjudgedHosts(snapshot).has(HOST),
    isClassJudged: !isAnyReading(snapshot),
  };
}

it('a log that is pushed is judged, and one whose pushes ended does not arrive', () => {
  expect(judged({ lastPush: NOW })).toEqual({ isStale: false, isJudged: true, isClassJudged: true });
  expect(judged({ lastPush: seconds(NOW - 30 * DAY_S) })).toEqual({
    isStale: true,
    isJudged: false,
    isClassJudged: true,
  });
});

it('of a log that was imported nobody says that it does not arrive; it is judged until it is old', () => {
  expect(judged({})).toEqual({ isStale: false, isJudged: true, isClassJudged: true });
  const old = { lastEvent: seconds(NOW - 4 * DAY_S), lastArrival: seconds(NOW - 30 * DAY_S) };
  expect(judged(old)).toEqual({ isStale: false, isJudged: false, isClassJudged: true });
});

it('nothing is judged of a host or a class while a history is coming in, and all again two minutes after it paused', () => {
  const behind = { lastPush: NOW, lastEvent: seconds(NOW - 5 * HOUR_S) };
  expect(judged({ ...behind, historyAt: seconds(NOW - 100) })).toEqual({
    isStale: false,
    isJudged: false,
    isClassJudged: false,
  });
  expect(judged({ ...behind, historyAt: seconds(NOW - 120) })).toEqual({
    isStale: false,
    isJudged: true,
    isClassJudged: true,
  });
});
