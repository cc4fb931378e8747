import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ledgerOf } from '../store/ledger.ts';

/** `KILLS=200 npx vitest run test/e2e/store-kill.test.ts` for a long run. */
const KILLS = Number(process.env['KILLS'] ?? 5);
const IS_LONG = KILLS > 50;
/**
 * Kills between two comparisons with all that is stored, which takes the longer the more there is. What was lost or
 * counted twice stays so.
 */
const COMPARE_EVERY = IS_LONG ? 50 : 1;
/** Batches that a sender has acknowledged at the most before it is killed. */
const MOST_LINES = IS_LONG ? 20 : 60;
const CHILD = fileURLToPath(new URL('../store/sender-child.ts', import.meta.url));
/** One record a second from then on: none of a long run is of the future, nor too old to be kept. */
const EPOCH = String(Math.floor(Date.now() / 1000) - 390 * 86_400);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-kill-'));
});
afterEach(() => rm(folder, { recursive: true }));

it(`loses nothing that was acknowledged and counts nothing twice over ${KILLS} kills`, async () => {
  const path = join(folder, 'kmswatch.db');
  const acknowledged = new Set<number>();
  let first = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    for (const [from, size] of await sendUntilKilled(path, first)) {
      for (let n = from; n < from + size; n++) acknowledged.add(n);
    }
    // Records that were sent but not acknowledged may be there. The next sender sends them again, as a shipper does.
    // Not spread into arguments: a long run has more of them than a call may have.
    const newest = [...acknowledged].reduce((a, b) => Math.max(a, b), 0);
    first = Math.max(first, newest - 6000);
    if (kill % COMPARE_EVERY !== 0 && kill !== KILLS - 1) continue;
    const { stored, requests, accepted, stale } = await ledgerOf(path);
    expect([...acknowledged].filter((n) => !stored.has(n))).toEqual([]);
    expect(requests).toBe(stored.size);
    expect(accepted).toBe(stored.size);
    expect(stale).toEqual([]);
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS);
}, 3_600_000);

/** Kills the sender at a random moment. @returns the first numbers and lengths of the acknowledged batches */
async function sendUntilKilled(path: string, first: number): Promise<readonly (readonly [number, number])[]> {
  const child = spawn(process.execPath, [CHILD, path, EPOCH, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let isDoomed = false;
  const lines = Math.floor(Math.random() * MOST_LINES);
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    // By what it has done, and not by the time, so that a slow machine has done something too.
    if (isDoomed || output.split('\n').length <= lines) return;
    isDoomed = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 50);
  });
  await once(child, 'close');
  // The last line may be cut off.
  return output
    .slice(0, output.lastIndexOf('\n'))
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ').map(Number))
    .map(([from = 0, size = 0]) => [from, size] as const);
}
