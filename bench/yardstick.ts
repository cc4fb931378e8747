import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import { median } from './measure.ts';
import { milliseconds } from './report.ts';

const MIB = 1 << 20;
const HASHED = 256;
const COMMITS = 20;

/** What this machine does at this moment, to hold beside a bar that is a time: machines differ, and so do moments. */
export async function yardstick(): Promise<string> {
  return `yardstick: SHA-256 of ${HASHED} MiB ${milliseconds(hashing())}, a write of 4 KiB with fsync ${milliseconds(await syncing())}`;
}

function hashing(): number {
  const block = Buffer.alloc(MIB, 7);
  const began = performance.now();
  const hash = createHash('sha256');
  for (let index = 0; index < HASHED; index += 1) hash.update(block);
  hash.digest();
  return performance.now() - began;
}

async function syncing(): Promise<number> {
  const folder = await temporaryFolder();
  const file = await open(join(folder.path, 'file'), 'w');
  const times: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    const began = performance.now();
    await file.write(Buffer.alloc(4096, commit));
    await file.sync();
    times.push(performance.now() - began);
  }
  await file.close();
  await folder.remove();
  return median(times);
}
