import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedHost, startSimulatedHost } from '../../src/demo/kms-host.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore } from '../../src/store/store.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { syntheticLine, syntheticRecord } from '../store/synthetic.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';
import { BOUND_BY_MODES } from '../support/bounded-rights.ts';
import { CAN_MOUNT, mountDisk } from '../support/mounts.ts';
import { slowness } from '../support/slowness.ts';

const TOKEN = 'broken-store-token-0123456789';
const EPOCH = Math.floor(Date.now() / 1000) - 20 * 86_400;
let host: SimulatedHost;
let whole: TemporaryFolder;
let killed: TemporaryFolder;
let folder: TemporaryFolder;
let agent: RunningAgent | undefined;
let undo: () => void = () => {};

beforeAll(async () => {
  host = await startSimulatedHost({ kind: 'healthy' });
  // What is measured is not how long the program takes to be read from the disk.
  await (await startAgent({ config: 'discovery: {domains: []}' })).stop();
  whole = await temporaryFolder();
  const path = join(whole.path, 'kmswatch.db');
  const opened = await openStore(path, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
  if (!opened.ok) throw new Error(opened.error);
  await opened.value.ingest(
    'http',
    Array.from({ length: 2000 }, (_, index) => syntheticRecord(index, EPOCH)),
  );
  // A copy taken now has a write-ahead log, as after the agent was killed.
  killed = await temporaryFolder();
  cpSync(whole.path, killed.path, { recursive: true });
  await opened.value.close();
});
afterAll(async () => {
  await host.close();
  await Promise.all([whole.remove(), killed.remove()]);
});
afterEach(async () => {
  await agent?.daemon.stop();
  agent = undefined;
  undo();
  undo = () => {};
  await folder.remove();
});

interface Broken {
  /** Breaks the store in a folder. @returns the folder of the store */
  readonly arrange: (folder: string) => unknown;
  /** What is said of it. */
  readonly says: RegExp;
  readonly command?: readonly [string, ...string[]];
}

const database = (path: string) => join(path, 'kmswatch.db');

const CASES: Readonly<Record<string, Broken>> = {
  'is a directory': { arrange: (path) => mkdirSync(database(path)), says: /Check the file/ },
  'is damaged in its header': { arrange: (path) => damage(path, 'kmswatch.db', [0, 0.001]), says: /not a database/ },
  'is damaged in every page': { arrange: (path) => damage(path, 'kmswatch.db', [0.02, 1]), says: /restore a backup/ },
  'is of a newer version': {
    arrange: (path) => {
      copyFileSync(database(whole.path), database(path));
      const newer = new DatabaseSync(database(path));
      newer.exec('PRAGMA user_version = 99');
      newer.close();
    },
    says: /schema 99/,
  },
  'is of another development version': {
    arrange: (path) => {
      const other = new DatabaseSync(database(path));
      other.exec('CREATE TABLE leases (id INTEGER PRIMARY KEY); PRAGMA user_version = 1');
      other.close();
    },
    says: /another schema.*Move the file away.*Import the saved logs/,
  },
  'may not be opened': {
    arrange: (path) => {
      copyFileSync(database(whole.path), database(path));
      chmodSync(database(path), 0);
    },
    says: /Check the file/,
    command: BOUND_BY_MODES,
  },
};

describe('an agent whose store', () => {
  it.each(Object.entries(CASES))('%s watches, and says why it does not remember', async (_name, broken) => {
    await start(broken);
    await expectWatching(broken.says);
  });

  it.runIf(CAN_MOUNT)('is on a full disk watches, and remembers as soon as there is room', async () => {
    await start({
      says: /./,
      arrange: (path) => {
        const disk = mountDisk(path, 96);
        undo = () => disk.remove();
        // Until there is no room at all.
        for (let at = 0; at < 200; at++) tryTo(() => writeFileSync(join(path, `filler${at}`), Buffer.alloc(1024)));
      },
    });
    await expectWatching(/Free space on its disk/);
    undo();
    undo = () => {};
    await expect.poll(async () => (await send(0)).status).toBe(200);
    expect(seriesValue(await metrics(), 'kmswatch_store_up')).toBe(1);
  });

  it.runIf(CAN_MOUNT)('is on a disk that is read-only watches, and remembers as soon as it is writable', async () => {
    let setReadOnly: (isReadOnly: boolean) => void = () => {};
    await start({
      says: /./,
      arrange: (path) => {
        const disk = mountDisk(path, 64 * 1024);
        undo = () => disk.remove();
        copyFileSync(database(whole.path), database(path));
        disk.setReadOnly(true);
        setReadOnly = disk.setReadOnly;
      },
    });
    await expectWatching(/Check the file|Make the file/);
    setReadOnly(false);
    await expect.poll(async () => (await send(0)).text()).toContain('"duplicate":1');
    expect(seriesValue(await metrics(), 'kmswatch_store_up')).toBe(1);
  });

  it('has garbage for what the last run has left watches and remembers as without it', async () => {
    await start({
      says: /./,
      arrange: (path) => {
        copyFileSync(database(whole.path), database(path));
        const damaged = new DatabaseSync(database(path));
        damaged.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES ('clock', '{"boo'), ('heard', 'x'), ('forest', '/');
          INSERT INTO open_conditions (condition) VALUES ('{"na')`);
        damaged.close();
      },
    });
    expect(await (await send(0)).json()).toMatchObject({ duplicate: 1 });
    expect(seriesValue(await metrics(), 'kmswatch_store_up')).toBe(1);
  });

  it('was killed, and whose write-ahead log is damaged, takes again what was lost', async () => {
    await start({ says: /./, arrange: (path) => damage(path, 'kmswatch.db-wal', [0, 1], killed) });
    expect(seriesValue(await metrics(), 'kmswatch_store_up')).toBe(1);
    expect(await (await send(0)).json()).toMatchObject({ accepted: 1, duplicate: 0 });
  });
});

/**
 * Milliseconds from the start of the agent until its metrics are there, whatever its store: many times what it takes, and
 * less than it would take if it waited for a store that does not open.
 */
const SOON = 10_000;

async function start({ arrange, command }: Broken): Promise<void> {
  folder = await temporaryFolder();
  const state = join(folder.path, 'state');
  mkdirSync(state);
  await arrange(state);
  const began = performance.now();
  agent = await startAgent({
    config: `
discovery: {domains: []}
hosts: [{name: 127.0.0.1, port: ${host.port}}]
ingest: {token: ${TOKEN}}`,
    env: { STATE_DIRECTORY: state },
    folder,
    ...(command === undefined ? {} : { command }),
  });
  expect(await metrics()).toContain('\nkms_host_up{');
  expect(performance.now() - began).toBeLessThan(SOON * slowness());
}

async function expectWatching(says: RegExp): Promise<void> {
  const page = await metrics();
  expect(seriesValue(page, `kms_host_up{host="127.0.0.1",port="${host.port}"}`)).toBe(1);
  expect(seriesValue(page, 'kmswatch_store_up')).toBe(0);
  const refused = await send(0);
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5']);
  for (const answer of [refused, await fetch(`${agent?.url}/api/v1/leases`), await fetch(`${agent?.url}/leases`)]) {
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringMatching(says)]);
  }
}

async function metrics(): Promise<string> {
  return (await agent?.metrics()) ?? '';
}

/** Sends one of the records of the whole database. */
function send(index: number): Promise<Response> {
  return fetch(`${agent?.url}/api/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: syntheticLine(index, EPOCH),
  });
}

/** Garbage in a part of a file of a copy, from one share of its length to another. */
async function damage(path: string, name: string, [from, to]: readonly [number, number], of = whole): Promise<void> {
  cpSync(of.path, path, { recursive: true });
  const file = await open(join(path, name), 'r+');
  const { size } = await file.stat();
  const length = Math.max(64, Math.floor(size * (to - from)));
  await file.write(Buffer.alloc(length, 0xa5), 0, length, Math.floor(size * from));
  await file.close();
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // There is no room left, as intended.
  }
}
