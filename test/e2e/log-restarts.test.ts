import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWindowsHost, type WindowsHost } from '../../src/demo/windows/windows-host.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { openStore } from '../../src/store/store.ts';
import { DEFAULT_SETTINGS } from '../store/default-settings.ts';
import { HOST, KMS, requestEvents } from '../support/log-host.ts';
import { FOREVER } from '../support/patient.ts';

/** `RESTARTS=100 npx vitest run test/e2e/log-restarts.test.ts` for the long run: 1000 records, and a tear, for each. */
const RESTARTS = Number(process.env['RESTARTS'] ?? 4);
const RECORDS = RESTARTS * 1000;
const CHILD = fileURLToPath(new URL('../store/log-reader-child.ts', import.meta.url));
let folder = '';
let host: WindowsHost;
let tears = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-log-restarts-'));
  host = await startWindowsHost({ name: HOST });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

it(
  `reads each of ${RECORDS} records once over ${RESTARTS} kills and as many torn connections`,
  async () => {
    const database = join(folder, 'kmswatch.db');
    host.disturb = ({ action }) => {
      // By chance, not every second one: a session that looks and then reads would have the same half torn for ever.
      if (action !== 'Pull' || Math.random() < 0.5) return undefined;
      tears++;
      return { kind: 'tear', after: 200 + Math.floor(Math.random() * 20_000) };
    };
    for (let restart = 0; restart < RESTARTS; restart++) {
      await readUntilKilled(database, requestEvents(1000, restart * 1000 + 1));
    }
    while (stored(database).length < RECORDS || tears < RESTARTS) await readUntilKilled(database, []);
    expect(stored(database)).toEqual(Array.from({ length: RECORDS }, (_, index) => index + 1));
    const opened = await openStore(database, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
    if (!opened.ok) throw new Error(opened.error);
    const aggregates = await opened.value.count(FOREVER);
    await opened.value.close();
    expect(aggregates?.requests.reduce((sum, { count }) => sum + count, 0)).toBe(RECORDS);
    expect(aggregates?.ingest.find(({ result }) => result === 'accepted')).toMatchObject({ count: RECORDS });
    // With the bookmark in the transaction of its records, none is even read a second time.
    expect(aggregates?.ingest.find(({ result }) => result === 'duplicate')?.count ?? 0).toBe(0);
    expect(aggregates?.hosts).toMatchObject([{ host: HOST, gaps: 0 }]);
  },
  60_000 + RESTARTS * 30_000,
);

/** Kills the reader at a random moment, while records come. */
async function readUntilKilled(database: string, events: ReturnType<typeof requestEvents>): Promise<void> {
  const child = spawn(process.execPath, [CHILD, database, host.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  host.log(KMS).append(events.slice(0, 500));
  await once(child.stdout, 'data');
  for (let at = 500; at < events.length; at += 100) {
    host.log(KMS).append(events.slice(at, at + 100));
    await wait(Math.random() * 30);
  }
  await wait(Math.random() * 300);
  child.kill('SIGKILL');
  await closed;
}

/** Record ids on disk, in order. */
function stored(path: string): number[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT record_id FROM records ORDER BY record_id').all();
  database.close();
  return rows.map((row) => Number(row['record_id']));
}
