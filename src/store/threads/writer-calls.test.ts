import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { memoryDatabase, NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, millis, seconds } from '../../kernel/time.ts';
import { Engine } from './engine.ts';
import { doCalls, type FileCall, type WriterCall } from './writer-calls.ts';

function writer() {
  const database = memoryDatabase();
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const ask = (...calls: readonly Omit<WriterCall, 'id' | 'now'>[]) => {
    const asked = calls.map((call, id) => ({ ...call, id, now: seconds(NOW) }) as Exclude<WriterCall, FileCall>);
    const [first] = asked;
    return first === undefined ? [] : doCalls(engine, database, first, asked);
  };
  return { database, engine, ask };
}

function ingest(...clients: readonly number[]): Omit<WriterCall, 'id' | 'now'> {
  const records = JSON.stringify(clients.map((client) => requestRecord({ client })));
  return { name: 'ingest', args: ['http', records, clients.length, { ignored: 0, rejected: 0 }] };
}

it('answers each sender of a commit for itself', () => {
  const { ask, engine } = writer();
  const { version } = engine;
  expect(ask(ingest(1, 2), ingest(2, 3, 4))).toEqual([
    { accepted: 2, duplicate: 0, ignored: 0 },
    { accepted: 2, duplicate: 1, ignored: 0 },
  ]);
  expect(engine.version).toBe(version + 1);
});

it('takes none of the records of a commit if one of them trips it', () => {
  const { ask, database } = writer();
  const broken: Omit<WriterCall, 'id' | 'now'> = {
    name: 'ingest',
    args: ['http', '[null]', 1, { ignored: 0, rejected: 0 }],
  };
  expect(() => ask(ingest(1), broken)).toThrow(TypeError);
  expect(database.prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: 0 });
});

it('answers each report of a commit', () => {
  const told = {
    time: seconds(NOW),
    counts: [{ key: 'k', pool: 'windows' as const, clients: 7 }],
    activationInterval: undefined,
  };
  const report = (host: string): Omit<WriterCall, 'id' | 'now'> => ({
    name: 'takeReport',
    args: [{ ...told, host: hostName(host) }],
  });
  const { ask, database } = writer();
  expect(ask(report('kms1'), report('kms2'))).toEqual([undefined, undefined]);
  expect(database.prepare('SELECT count(*) AS n FROM reports').get()).toEqual({ n: 2 });
});

it('counts if asked, by the time of the call', () => {
  const { ask } = writer();
  ask(ingest(1));
  expect(ask({ name: 'aggregates', args: [] })).toMatchObject([{ asOf: NOW, machines: { physical: 1 } }]);
  expect(ask({ name: 'overview', args: [2] })).toMatchObject([{ products: ['Windows 10/11 Pro'] }]);
  expect(ask({ name: 'forecast', args: [{ days: 2, without: null }] })).toMatchObject([
    { days: 2, hosts: [{ cls: 'client' }] },
  ]);
});

it('takes a record of any time while the clock is in doubt', () => {
  const { ask } = writer();
  for (const days of [-500, 2, 40_000]) {
    const text = JSON.stringify([requestRecord({ time: NOW + days * DAY_S })]);
    const call: ReturnType<typeof ingest> = { name: 'ingest', args: ['winrm', text, 1, { ignored: 0, rejected: 0 }] };
    expect(ask(call)).toEqual([{ accepted: 0, duplicate: 0, ignored: 1 }]);
    expect(ask({ ...call, inDoubt: true })).toEqual([{ accepted: 1, duplicate: 0, ignored: 0 }]);
  }
});

it('retires, and notes gaps', () => {
  const { ask } = writer();
  ask(ingest(1));
  expect(ask({ name: 'retire', args: [['ws1', 'ws9']] })).toEqual([{ retired: ['ws1'], unknown: ['ws9'] }]);
  expect(ask({ name: 'planRetirement', args: [['ws9'], -1] })).toEqual([
    { names: [], unknown: ['ws9'], leases: 0, lapses: 0, estate: 0 },
  ]);
  expect(ask({ name: 'aggregates', args: [] })).toMatchObject([{ machines: { physical: 0 } }]);
  expect(ask({ name: 'undoRetirement', args: [['WS1', 'ws9']] })).toEqual([{ retired: ['ws1'], unknown: ['ws9'] }]);
  ask({ name: 'takeGap', args: [hostName('kms1.corp.test'), seconds(NOW)] });
  expect(ask({ name: 'aggregates', args: [] })).toMatchObject([{ hosts: [{ gaps: 1 }], machines: { physical: 1 } }]);
});

it('keeps what the agent remembers', () => {
  const { ask } = writer();
  const seen = { domain: hostName('corp.test'), target: hostName('kms1'), port: 1688, at: millis(5) };
  ask({ name: 'saveSightings', args: [[seen], millis(0)] });
  ask({ name: 'saveOpenConditions', args: [['x']] });
  ask({ name: 'saveOutbox', args: ['mail', [{ fingerprint: 'a', pending: true, alert: '{}' }], []] });
  expect(ask({ name: 'loadSightings', args: [] })).toEqual([[seen]]);
  expect(ask({ name: 'loadOpenConditions', args: [] })).toEqual([['x']]);
  ask({ name: 'keepOutbox', args: [[]] });
  expect(ask({ name: 'loadOutbox', args: [] })).toEqual([[]]);
  expect(ask({ name: 'logBookmark', args: [hostName('kms1')] })).toEqual([undefined]);
});
