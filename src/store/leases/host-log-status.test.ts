import { expect, it } from 'vitest';
import { memoryDatabase, NOW } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { HostLogs } from './host-log-status.ts';

const PUBLISH = { kind: 'dns_publish', result: 'success', domain: hostName('corp.test'), hresult: 0 } as const;

function requestAt(time: number, cls: 'client' | 'office') {
  return { time: seconds(time), cls, client: 1, product: 1 };
}

function logsIn(database = memoryDatabase()): HostLogs {
  database.exec("INSERT OR IGNORE INTO hosts (id, name) VALUES (1, 'kms1'), (2, 'kms2')");
  return new HostLogs(database);
}

it('knows the first and the last record of a log, in whatever order they come', () => {
  const logs = logsIn();
  for (const time of [NOW, NOW - 9, NOW + 9, NOW + 1]) logs.noteRequest(1, requestAt(time, 'client'), NOW);
  expect(logs.of(1)).toMatchObject({ firstRecord: NOW - 9, lastEvent: NOW + 9 });
  expect(logs.of(2)).toEqual({ classes: {}, failures: {}, dns: {} });
});

it('knows when each class was among the last 30 days', () => {
  const logs = logsIn();
  for (const time of [NOW, NOW + 5 * DAY_S]) logs.noteRequest(1, requestAt(time, 'client'), NOW);
  logs.noteRequest(1, requestAt(NOW, 'office'), NOW);
  expect(logs.of(1).classes).toEqual({
    client: [{ from: NOW, until: NOW + 35 * DAY_S }],
    office: [{ from: NOW, until: NOW + 30 * DAY_S }],
  });
});

it('keeps the newest spells of a class that is seldom asked for', () => {
  const logs = logsIn();
  for (let n = 0; n < 20; n++) logs.noteRequest(1, requestAt(NOW + n * 40 * DAY_S, 'client'), NOW);
  expect(logs.of(1).classes.client).toHaveLength(16);
  expect(logs.of(1).classes.client?.at(-1)?.from).toBe(NOW + 19 * 40 * DAY_S);
});

it('keeps the newest failure of each kind, and the newest of each result in a domain', () => {
  const logs = logsIn();
  for (const time of [NOW, NOW - 9]) {
    logs.noteNotice(1, time, { kind: 'service_failure', failure: 'timer', hresult: 5 });
    logs.noteNotice(1, time, PUBLISH);
  }
  logs.noteNotice(1, NOW + 5, { ...PUBLISH, result: 'failure' });
  expect(logs.of(1)).toMatchObject({
    failures: { timer: NOW },
    dns: { 'corp.test': { success: NOW, failure: NOW + 5 } },
  });
});

it('takes no more than a hundred domains, but every result of those', () => {
  const logs = logsIn();
  for (let n = 0; n < 101; n++) logs.noteNotice(1, NOW, { ...PUBLISH, domain: hostName(`d${n}.test`) });
  logs.noteNotice(1, NOW + 9, { ...PUBLISH, domain: hostName('d0.test') });
  expect(Object.keys(logs.of(1).dns)).toHaveLength(100);
  expect(logs.of(1).dns['d0.test']).toEqual({ success: NOW + 9 });
});

it('is the same after a restart, as far as it was saved', () => {
  const database = memoryDatabase();
  const logs = logsIn(database);
  logs.noteRequest(1, requestAt(NOW, 'client'), NOW);
  logs.edit(1).lastPush = seconds(NOW + 5);
  logs.save();
  logs.edit(1).lastPush = seconds(NOW + 9);
  expect(logsIn(database).of(1)).toEqual({ ...logs.of(1), lastPush: NOW + 5 });
  expect([...new HostLogs(database, true).all()]).toEqual([]);
});

it('takes over from another what no record says, and nothing else', () => {
  const [old, next] = [logsIn(), logsIn()];
  old.noteRequest(1, requestAt(NOW - DAY_S, 'client'), NOW);
  Object.assign(old.edit(1), { lastArrival: NOW, gaps: 2, lastGap: NOW - 5 });
  next.noteRequest(1, requestAt(NOW, 'office'), NOW);
  next.copyArrivals(old);
  expect(next.of(1)).toEqual({
    ...{ firstRecord: NOW, lastEvent: NOW, lastArrival: NOW, gaps: 2, lastGap: NOW - 5 },
    ...{ firstRequest: NOW, lastRequest: NOW, askers: { office: [[NOW, 1]] } },
    ...{ classes: { office: [{ from: NOW, until: NOW + 30 * DAY_S }] }, failures: {}, dns: {} },
  });
});

it('keeps every gap that a census may look at, over a restart', () => {
  const database = memoryDatabase();
  const logs = logsIn(database);
  for (const time of [NOW, NOW - 9]) logs.noteGap(1, seconds(time));
  logs.save();
  expect(logsIn(database).of(1)).toMatchObject({ gaps: 2, lastGap: NOW, gapTimes: [NOW, NOW - 9] });
});

it('knows which products were asked for in the last 30 days, over a restart', () => {
  const database = memoryDatabase();
  const logs = logsIn(database);
  logs.noteRequest(1, { ...requestAt(NOW, 'client'), product: 7 }, NOW);
  logs.save();
  expect([...logsIn(database).asked(1).at(NOW)]).toEqual([7]);
  expect([
    ...logsIn(database)
      .asked(1)
      .at(NOW + 30 * DAY_S),
  ]).toEqual([]);
});
