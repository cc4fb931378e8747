import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventRecord } from '../src/activations/types.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { openStore } from '../src/store/store.ts';
import { DEFAULT_SETTINGS } from '../test/store/default-settings.ts';

export interface IngestJob {
  readonly path: string;
  readonly now: number;
  readonly clients: number;
  readonly records: number;
  /** Seconds before now at which the first record was written; the last one is written now. */
  readonly from: number;
  /** Newest first, as Get-WinEvent gives them. */
  readonly reverse: boolean;
}

export interface IngestResult {
  readonly records: number;
  readonly seconds: number;
  /** Milliseconds that the opening took. */
  readonly opening: number;
  /** Milliseconds, 99.9th percentile. */
  readonly loopDelay: number;
  /** MiB, the largest seen. */
  readonly resident: number;
}

const SENDERS = 8;
const BATCH = 1000;
const SETTLE_MS = 5000;
/** Clients ask in an order that is not that of their numbers, and the same in every round. */
const STRIDE = 7919;

const job: IngestJob = JSON.parse(process.argv[2] ?? '');
const began = performance.now();
const opened = await openStore(job.path, { settings: DEFAULT_SETTINGS, clock: systemClock, logger: silentLogger });
if (!opened.ok) throw new Error(opened.error);
const store = opened.value;
const opening = performance.now() - began;
if (job.records === 0) await wait(SETTLE_MS);
let resident = residentMiB();
let next = 0;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const started = performance.now();
await Promise.all(Array.from({ length: SENDERS }, sender));
const seconds = (performance.now() - started) / 1000;
process.send?.({
  records: job.records,
  seconds,
  opening,
  loopDelay: delay.percentile(99.9) / 1e6,
  resident,
} satisfies IngestResult);
await store.close();
process.disconnect();

async function sender(): Promise<void> {
  while (next < job.records) {
    const from = next;
    next = Math.min(job.records, from + BATCH);
    const taken = await store.ingest(
      'http',
      Array.from({ length: next - from }, (_, index) => record(from + index)),
    );
    if (!taken.ok) throw new Error(taken.error.text);
    resident = Math.max(resident, residentMiB());
  }
}

function record(index: number): EventRecord {
  const place = job.reverse ? job.records - 1 - index : index;
  const client = (place * STRIDE) % job.clients;
  const time = job.now - job.from + Math.floor((place * job.from) / job.records);
  return {
    host: 'kms01.corp.test',
    log: 'kms',
    // Records of another run on the same store have other times, and so are others.
    recordId: place,
    time,
    body: {
      kind: 'request',
      hresult: 0,
      nPolicy: 25,
      machine: `pc-${client.toString(36).padStart(5, '0')}.corp.test`,
      clientId: `${((client * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-${client.toString(16).padStart(12, '0')}`,
      clientTime: time,
      virtual: client % 3 === 0,
      status: 1,
      minutes: 249_120,
      activationId: '73111121-5638-40f6-bc11-f1d7b0d64300',
    },
  };
}

function residentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}
