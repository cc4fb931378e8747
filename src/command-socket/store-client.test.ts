import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { syntheticRecord } from '../../test/store/synthetic.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { silentLogger } from '../kernel/logger.ts';
import { openStore } from '../store/store.ts';
import { meetingOf } from './socket-protocol.ts';
import { serveStore } from './socket-server.ts';
import { reachStore } from './store-client.ts';

const NOW = 1_780_000_000;
const OPTIONS = { settings: DEFAULT_SETTINGS, clock: manualClock(NOW * 1000), logger: silentLogger };
let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-client-'));
  path = join(folder, 'kmswatch.db');
});
afterEach(() => rm(folder, { recursive: true }));

const records = Array.from({ length: 600 }, (_, n) => syntheticRecord(n, NOW - 5000));

async function agent() {
  const opened = await openStore(path, OPTIONS);
  if (!opened.ok) throw new Error(opened.error);
  const socket = await serveStore(opened.value, path);
  if (!socket.ok) throw new Error(socket.error);
  return { store: opened.value, socket: socket.value };
}

async function reach() {
  const reached = await reachStore(path, OPTIONS);
  if (!reached.ok) throw new Error(reached.error);
  return reached.value;
}

it('works through the running agent, on a socket that only its user may open', async () => {
  const { store, socket } = await agent();
  expect((await stat(meetingOf(path).path)).mode & 0o777).toBe(0o600);
  const client = await reach();
  expect(client.isAgent).toBe(true);
  const [taken, page] = await Promise.all([client.ingest('import', records), client.leases({ limit: 2 })]);
  expect(taken).toEqual({ ok: true, value: { accepted: 600, duplicate: 0, ignored: 0 } });
  expect(page.ok).toBe(true);
  expect((await store.count(FOREVER))?.classes[0]?.tally.leases).toBe(500);
  expect(await client.retire(['WS3', 'nobody'], 'tester')).toEqual({
    ok: true,
    value: { retired: ['ws3'], unknown: ['nobody'] },
  });
  const story = await client.explain('ws3');
  expect(story).toMatchObject({ ok: true, value: { kind: 'seen', leases: [{ state: 'retired' }] } });
  expect(await client.reading()).toMatchObject({ ok: true, value: [{ host: expect.any(String) }] });
  expect(await client.explain('nobody')).toMatchObject({ ok: true, value: { kind: 'unseen', asked: 'nobody' } });
  await client.close();
  await socket.close();
  await store.close();
});

it('works on the file when no agent runs, even where one was killed', async () => {
  const first = await agent();
  await first.store.ingest('import', records);
  await first.socket.close();
  await first.store.close();
  const client = await reach();
  expect(client.isAgent).toBe(false);
  const forecast = await client.forecast({ days: 40, without: null });
  const census = forecast.ok ? forecast.value.hosts[0]?.census : undefined;
  expect([census?.[0], census?.[29], census?.[30]]).toEqual([490, 490, 0]);
  await client.close();
});

it('tells a command that the agent has ended', async () => {
  const { store, socket } = await agent();
  const client = await reach();
  await socket.close();
  const answer = await client.recent(1);
  expect(answer.ok ? '' : answer.error.reason).toBe('closed');
  await store.close();
});

it('answers nonsense with a failure, and goes on', async () => {
  const { store, socket } = await agent();
  const raw = createConnection(meetingOf(path).path);
  raw.write('nonsense\n{"call":"close","args":[]}\n{"call":"recent","args":[1]}\n');
  let text = '';
  for await (const chunk of raw) {
    text += String(chunk);
    if (text.split('\n').length > 3) break;
  }
  expect(text.split('\n').map((line) => line.slice(0, 11))).toEqual(['{"ok":false', '{"ok":false', '{"ok":true,', '']);
  await socket.close();
  await store.close();
});

it('refuses arguments that no command gives, and harms nothing', async () => {
  const { store, socket } = await agent();
  const lines = [
    '{"call":"ingest","args":["x",5]}',
    '{"call":"ingest","args":["http",[null]]}',
    '{"call":"ingest","args":["http",[{"host":"a","log":"kms","recordId":1,"time":1,"body":{"kind":"request"}}]]}',
    '{"call":"ingest","args":["http",[],{"ignored":-1,"rejected":0}]}',
    '{"call":"ingest","args":[]}',
    '{"call":"leases","args":[null]}',
    '{"call":"leases","args":[{"client":5}]}',
    '{"call":"leases","args":[{"sort":"toString"}]}',
    '{"call":"explain","args":[{}]}',
    '{"call":"forecast","args":[1e9]}',
    '{"call":"recent","args":["all"]}',
    '{"call":"retire","args":[5,"me"]}',
    '{"call":"undoRetirement","args":[[5],"me"]}',
    '{"call":"planRetirement","args":[[],"x"]}',
    '{"call":"toString","args":[]}',
    'null',
    '5',
  ];
  const raw = createConnection(meetingOf(path).path);
  raw.write(`${lines.join('\n')}\n{"call":"recent","args":[1]}\n`);
  let text = '';
  for await (const chunk of raw) {
    text += String(chunk);
    if (text.split('\n').length > lines.length + 1) break;
  }
  const answers = text.split('\n').map((answer) => JSON.parse(answer || 'null'));
  for (const [n, line] of lines.entries()) {
    expect([line, answers[n]]).toMatchObject([line, { ok: false, error: { reason: 'bad_query' } }]);
  }
  expect(answers[0].error.text).toMatch(/^the arguments \/0 of 'ingest': /);
  expect(answers[lines.length]).toEqual({ ok: true, value: [] });
  expect(store.state.up).toBe(true);
  await socket.close();
  await store.close();
});

it('says which path to choose if a socket cannot have it, and what is in its place', async () => {
  const opened = await openStore(path, OPTIONS);
  if (!opened.ok) throw new Error(opened.error);
  const long = join(folder, `${'x'.repeat(120)}.db`);
  const refused = await serveStore(opened.value, long);
  expect(refused).toMatchObject({
    ok: false,
    error: expect.stringMatching(/ bytes, and a socket can have 107\. Set store\.path to a shorter path\.$/),
  });
  await mkdir(meetingOf(path).path);
  expect(await serveStore(opened.value, path)).toMatchObject({
    ok: false,
    error: expect.stringContaining(meetingOf(path).path),
  });
  await opened.value.close();
});

it('lets nobody else hold the lock of the database', async () => {
  const { store, socket } = await agent();
  expect((await stat(`${path}.lock`)).mode & 0o777).toBe(0o600);
  await socket.close();
  await store.close();
});
