import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DAY_S } from '../src/kernel/time.ts';
import { type BenchAgent, startAgent } from './agent.ts';
import { bodiesOf, type Form } from './bodies.ts';
import { askChild } from './child.ts';
import type { Series } from './log-records.ts';
import { cpuSeconds } from './measure.ts';

/** Changes with the format of the data that are kept between two runs. */
const VERSION = 5;
/** Seconds for which it is kept: leases age. */
const KEPT = 43_200;
const SENDERS = 8;
const RENEWALS = 200_000;
export const LEASES = 1_000_000;

const Stamp = z.object({ version: z.int(), now: z.int() });
const Sent = z.object({ seconds: z.number(), accepted: z.int(), slowest: z.number() });

export type { Form };

export interface SentSeries {
  readonly records: number;
  readonly seconds: number;
  /** Seconds of CPU time of the agent, over all its threads. */
  readonly cpu: number;
  /** Milliseconds that the slowest answer took. */
  readonly slowest: number;
}

/** The input of the store's benches, and the stores that they start from. They are made once, from a seed, and kept. */
export interface Dataset {
  /** Seconds since the epoch, at which the newest record was written. */
  readonly now: number;
  /** The path of a database that is not there yet. */
  empty(): Promise<string>;
  /** A copy of one with a lease of each of a million clients. */
  million(): Promise<string>;
  send(agent: BenchAgent, series: Series, form?: Form): Promise<SentSeries>;
}

export async function openDataset(): Promise<Dataset> {
  const folder = join(tmpdir(), 'kmswatch-bench');
  const now = await stampOf(folder);
  const work = join(folder, 'work');
  const empty = async () => {
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    return join(work, 'kmswatch.db');
  };
  const send: Dataset['send'] = async (agent, series, form = 'own') => {
    const { folder: path, count } = await bodiesOf(join(folder, 'bodies'), series, form);
    const before = await cpuSeconds(agent.pid);
    const job = { url: agent.url, folder: path, count, senders: SENDERS };
    const sent = Sent.parse(await askChild('send-child.ts', job, Sent));
    if (sent.accepted !== series.records) throw new Error(`${sent.accepted} of ${series.records} were accepted`);
    return {
      records: sent.accepted,
      seconds: sent.seconds,
      cpu: (await cpuSeconds(agent.pid)) - before,
      slowest: sent.slowest,
    };
  };
  return {
    now,
    empty,
    send,
    async million() {
      const kept = join(folder, 'million.db');
      if (!existsSync(kept)) {
        const database = await empty();
        const agent = await startAgent({ database });
        await send(agent, firstContacts(now));
        await agent.stop();
        await rename(database, kept);
      }
      const database = await empty();
      await copyFile(kept, database, constants.COPYFILE_FICLONE);
      return database;
    },
  };
}

/** A million clients that nobody knew. */
export function firstContacts(now: number): Series {
  return {
    clients: LEASES,
    records: LEASES,
    from: now - 8 * DAY_S,
    until: now - DAY_S,
    order: 'numbered',
    newestFirst: false,
    firstId: 1,
  };
}

/** Some of a million clients again. */
export function renewals(now: number, order: Series['order']): Series {
  return {
    clients: LEASES,
    records: RENEWALS,
    from: now - DAY_S,
    until: now,
    order,
    newestFirst: false,
    firstId: LEASES + 1,
  };
}

async function stampOf(folder: string): Promise<number> {
  const path = join(folder, 'stamp.json');
  const now = Math.floor(Date.now() / 1000);
  const stamp = existsSync(path) ? Stamp.parse(JSON.parse(await readFile(path, 'utf8'))) : undefined;
  if (stamp?.version === VERSION && stamp.now > now - KEPT) return stamp.now;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path, JSON.stringify({ version: VERSION, now } satisfies z.infer<typeof Stamp>));
  return now;
}
