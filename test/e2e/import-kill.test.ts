import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { ledgerOf } from '../store/ledger.ts';
import { syntheticLine } from '../store/synthetic.ts';
import { MAIN, startAgent } from '../support/agent.ts';

/** One takes as long as twenty of test/e2e/store-kill.test.ts, which has `KILLS`. */
const KILLS = Math.max(2, Math.ceil(Number(process.env['KILLS'] ?? 5) / 20));
/** More than one transaction takes, so that a kill comes between two of them. */
const RECORDS = 30_000;
const CLIENTS = 7000;
const EPOCH = Math.floor(Date.now() / 1000) - 20 * 86_400;

let source: TemporaryFolder;
let file = '';
/** Milliseconds that a whole import takes here. */
let span = 0;

beforeAll(async () => {
  source = await temporaryFolder();
  const lines = Array.from({ length: RECORDS }, (_, n) => syntheticLine(n, EPOCH, CLIENTS));
  file = await source.write('log.ndjson', lines.join(''));
  const began = performance.now();
  await inFolder(async (state) => {
    expect(await importTo(state).ended).toMatchObject({ code: 0 });
    span = performance.now() - began;
    expect(await countWhole(state)).toBe(RECORDS);
  });
});
afterAll(() => source.remove());

async function inFolder(work: (state: string) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder();
  try {
    await work(folder.path);
  } finally {
    await folder.remove();
  }
}

function importTo(state: string) {
  const env = { ...process.env, STATE_DIRECTORY: state };
  const child = spawn(process.execPath, [MAIN, 'import', file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, ended: endOf(child) };
}

async function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly text: string }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      text += data.toString();
    });
  }
  const [code] = await once(child, 'close');
  return { code, text };
}

/** Nothing is doubled, and all that is there is in the counters and the leases. @returns how many records */
async function countWhole(state: string): Promise<number> {
  const path = join(state, 'kmswatch.db');
  // Killed before it had a database.
  if (!existsSync(path)) return 0;
  const { stored, requests, accepted, stale } = await ledgerOf(path);
  expect([requests, accepted, stale]).toEqual([stored.size, stored.size, []]);
  return stored.size;
}

/** A second import takes what is missing, and nothing else. */
async function expectTheRest(state: string): Promise<void> {
  const before = await countWhole(state);
  const { code, text } = await importTo(state).ended;
  const counts = `${RECORDS - before} accepted, ${before} duplicate, 0 ignored, 0 rejected`;
  expect([code, text]).toEqual([0, expect.stringContaining(counts)]);
  expect(await countWhole(state)).toBe(RECORDS);
}

it(`takes the rest after an import was killed, ${KILLS} times`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    await inFolder(async (state) => {
      const { child, ended } = importTo(state);
      const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * span);
      await ended;
      clearTimeout(timer);
      await expectTheRest(state);
    });
  }
}, 3_600_000);

it(`says that the agent has gone when it is killed under an import, ${KILLS} times, and takes the rest later`, async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    await inFolder(async (state) => {
      const config = 'discovery: {domains: []}\n';
      const agent = await startAgent({ config, env: { STATE_DIRECTORY: state } });
      const { ended } = importTo(state);
      const timer = setTimeout(() => agent.daemon.kill('SIGKILL'), Math.random() * span);
      const { code, text } = await ended;
      clearTimeout(timer);
      await agent.stop();
      // Killed before or after it, the import has done all.
      if (code === 0) expect(await countWhole(state)).toBe(RECORDS);
      else expect([code, text]).toEqual([1, expect.stringMatching(/the agent/)]);
      await expectTheRest(state);
    });
  }
}, 3_600_000);
