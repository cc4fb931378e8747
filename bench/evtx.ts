import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DAY_S } from '../src/kernel/time.ts';
import { findPeer } from '../test/peers/find-peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../test/peers/temporary-folder.ts';
import { chunksOf, fileHeader, writeLog } from '../test/support/evtx/evtx-writer.ts';
import { fuzz } from '../test/support/evtx/fuzz.ts';
import { peakMiB } from './agent.ts';
import { recordsOf, type Series } from './log-records.ts';
import { type Figure, mebibytes, microseconds, print, ratio } from './report.ts';

const KMSWATCH = join(import.meta.dirname, '../bin/kmswatch.cjs');
const RECORDS = 100_000;
const LONG_MB = 1000;
const CHUNK = 65_536;
const POLL_MS = 100;
const RUNS = 1_000_000;
const SEED = 20_261_128;

/** A saved log beside evtxexport on the same file, and one of 1 GB. */
export async function evtx(): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'kms.evtx');
    await writeFile(file, writeLog([...recordsOf(series())]));
    const ours = await cpuOf(folder, [process.execPath, KMSWATCH, 'import', file]);
    const exporter = findPeer('evtxexport');
    const theirs = exporter === undefined ? undefined : await cpuOf(folder, [exporter, '-f', 'xml', file]);
    print(`A saved log of ${RECORDS} records, CPU time of the whole command`, [
      { what: 'kmswatch import, into an empty store', value: `${ours.toFixed(2)} s` },
      ...besides(ours, theirs),
    ]);
    const long = join(folder.path, 'long.evtx');
    await writeLong(long);
    const { peak, seconds } = await importing(folder, long);
    print(`A saved log of ${LONG_MB} MB, of records that are ignored but for a few`, [
      { what: 'resident memory, largest', value: mebibytes(peak), bar: '190.7 MiB (200 MB)' },
      { what: 'time', value: `${seconds.toFixed(0)} s` },
    ]);
  } finally {
    await folder.remove();
  }
}

/** Chunks and records to which a few changes were made, a million of them. */
export async function evtxFuzz(): Promise<void> {
  const before = process.cpuUsage();
  const { read, refused, mostSteps } = fuzz(RUNS, SEED);
  const { user, system } = process.cpuUsage(before);
  print(`${RUNS} damaged logs of a chunk, from seed ${SEED}: none made the reader throw`, [
    { what: 'records read', value: String(read) },
    { what: 'refused', value: String(refused) },
    { what: 'most steps for an octet', value: ratio(mostSteps), bar: '16.00' },
    { what: 'CPU time of one', value: microseconds((user + system) / 1e6 / RUNS) },
    { what: 'resident memory, largest', value: mebibytes(process.resourceUsage().maxRSS / 1024) },
  ]);
}

function besides(ours: number, theirs: number | undefined): Figure[] {
  if (theirs === undefined) return [{ what: 'evtxexport is not installed', value: '' }];
  return [
    { what: 'evtxexport -f xml', value: `${theirs.toFixed(2)} s` },
    { what: 'ratio', value: ratio(ours / theirs), bar: '2.00' },
  ];
}

function series(): Series {
  const until = Math.floor(Date.now() / 1000);
  return {
    clients: RECORDS / 10,
    records: RECORDS,
    from: until - 70 * DAY_S,
    until,
    order: 'random',
    newestFirst: false,
    firstId: 1,
  };
}

/** @returns seconds of CPU time of a command and its children, user and system */
async function cpuOf(folder: TemporaryFolder, command: readonly string[]): Promise<number> {
  // `times` of the shell prints its own times and then those of its children: 0m1.23s 0m0.45s.
  const script = '"$@" > /dev/null && times';
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', ...command], {
    env: environment(folder),
  });
  const children = stdout.trim().split('\n').at(-1) ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, min, s]) => sum + 60 * Number(min) + Number(s), 0);
}

async function importing(folder: TemporaryFolder, file: string): Promise<{ peak: number; seconds: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [KMSWATCH, 'import', file], { env: environment(folder), stdio: 'ignore' });
  const exit = once(child, 'exit');
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const now = await peakMiB(child.pid ?? 0).catch(() => 0);
    // Of a process that has just ended there is no figure.
    if (now > peak) peak = now;
    await wait(POLL_MS);
  }
  const [code] = await exit;
  if (code !== 0) throw new Error(`import ended with ${code}`);
  return { peak, seconds: (performance.now() - start) / 1000 };
}

function environment(folder: TemporaryFolder): NodeJS.ProcessEnv {
  return { ...process.env, STATE_DIRECTORY: folder.path };
}

/** One chunk of requests, and then others of another event, again and again. */
async function writeLong(path: string): Promise<void> {
  const [few = Buffer.alloc(0)] = chunksOf(recordsOf({ ...series(), clients: 100, records: 200 }), 'templates');
  const others = [...recordsOf({ ...series(), records: 5000 })].map((record) => ({ ...record, id: 12_289 }));
  const chunks = [...chunksOf(others, 'templates')];
  const file = await open(path, 'w');
  try {
    await file.write(fileHeader(0, 0, 1));
    await file.write(few);
    for (let octets = 0; octets < LONG_MB * 1e6; octets += chunks.length * CHUNK) await file.writev(chunks);
  } finally {
    await file.close();
  }
}
