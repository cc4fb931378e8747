import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { DAY_S } from '../src/kernel/time.ts';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import { type BenchAgent, forgetPeak, peakMiB, startAgent } from './agent.ts';
import { LEASES, openDataset, renewals } from './dataset.ts';
import { median, quantile, residentMiB } from './measure.ts';
import { mebibytes, milliseconds, print, ratio } from './report.ts';

const FEW = 1000;
const SCRAPES = 500;
const STARTS = 3;
const REST_MS = 20_000;
/** Lists, a search and the page of a client, one after the other, as people ask. */
const QUESTIONS = [
  '/api/v1/leases?limit=100',
  '/api/v1/leases?client=00a&limit=100',
  '/api/v1/leases?state=expiring&sort=last_request&limit=100',
  '/clients/pc0000a1',
] as const;
/** What the writer's thread counts. */
const COUNTED = ['/metrics', '/api/v1/forecast?days=90'] as const;
const BETWEEN_MS = 100;
const BEFORE_DERIVATION_MS = 1500;

/** As Prometheus asks for metrics. */
export const AS_PROMETHEUS = {
  accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
  'accept-encoding': 'gzip',
};

interface Scrapes {
  readonly p50: number;
  readonly p99: number;
  /** Octets. */
  readonly size: number;
}

/** The cost of a million leases: a start, memory, a scrape; and the latency of queries while records come in. */
export async function million(): Promise<void> {
  const dataset = await openDataset();
  const folder = await temporaryFolder();
  const agentOfFew = await startAgent({ database: join(folder.path, 'kmswatch.db') });
  const series = { ...renewals(dataset.now, 'numbered'), clients: FEW, records: FEW, from: dataset.now - 7 * DAY_S };
  await dataset.send(agentOfFew, series);
  const database = await dataset.million();
  const starts: number[] = [];
  for (let count = 1; count < STARTS; count += 1) {
    const agent = await startAgent({ database });
    starts.push(agent.starting);
    await agent.stop();
  }
  const agent = await startAgent({ database, withDelay: true });
  starts.push(agent.starting);
  await wait(REST_MS);
  const resting = await residentMiB(agent.pid);
  const { few, many } = await scrapeInTurns({ few: agentOfFew, many: agent });
  await agentOfFew.stop();
  await folder.remove();
  await agent.resetDelay();
  const busy = await mainThreadOfScrapes(agent);
  const { p999 } = await agent.delay();
  await agent.stop();
  print(`${LEASES} leases beside ${FEW}`, [
    {
      what: 'from the start of the process until it is ready, median',
      value: milliseconds(median(starts)),
      bar: '3000 ms',
    },
    { what: `resident memory after ${REST_MS / 1000} s`, value: mebibytes(resting), bar: '238 MiB (250 MB)' },
    { what: '/metrics, p50', value: milliseconds(many.p50) },
    { what: '/metrics, p99', value: milliseconds(many.p99), bar: '20 ms' },
    { what: `  p50 beside ${FEW} leases`, value: ratio(many.p50 / few.p50), bar: '1.20' },
    { what: '  octets', value: String(many.size), bar: '300000' },
    { what: 'OpenMetrics, compressed: time of the main thread, p50', value: milliseconds(quantile(busy.active, 0.5)) },
    { what: '  p99', value: milliseconds(quantile(busy.active, 0.99)), bar: '10 ms' },
    { what: '  of its CPU, p50', value: milliseconds(quantile(busy.cpu, 0.5)) },
    { what: '  of its CPU, p99', value: milliseconds(quantile(busy.cpu, 0.99)) },
    { what: '  event loop delay meanwhile, p99.9', value: milliseconds(p999), bar: '50 ms' },
  ]);
  await underLoad();
  await derivation();
}

/** Records in random order, and scrapes and questions meanwhile. */
async function underLoad(): Promise<void> {
  const { p999, max, peak, times } = await whileRecordsComeIn(QUESTIONS, async () => {});
  const counted = await whileRecordsComeIn(COUNTED, async () => {});
  print('Records in random order and questions, at once', [
    { what: 'event loop delay, p99.9', value: milliseconds(p999), bar: '50 ms' },
    { what: 'event loop delay, largest', value: milliseconds(max), bar: '150 ms' },
    { what: 'lists, searches, pages of clients, p50', value: milliseconds(quantile(times, 0.5)), bar: '50 ms' },
    { what: 'lists, searches, pages of clients, p99', value: milliseconds(quantile(times, 0.99)), bar: '300 ms' },
    { what: 'scrapes and forecasts, p50', value: milliseconds(quantile(counted.times, 0.5)) },
    { what: 'scrapes and forecasts, p99', value: milliseconds(quantile(counted.times, 0.99)) },
    { what: 'resident memory, largest', value: mebibytes(Math.max(peak, counted.peak)), bar: '381 MiB (400 MB)' },
  ]);
}

/** All leases derived again, as after a change of the validity, while records come in and scrapes are answered. */
async function derivation(): Promise<void> {
  let took = 0;
  const { p999, max, peak, times, slowest } = await whileRecordsComeIn(['/metrics'], async (agent) => {
    await wait(BEFORE_DERIVATION_MS);
    const began = performance.now();
    await agent.reload({ reports: { stale_after: '3h' } });
    took = performance.now() - began;
  });
  print(`${LEASES} leases derived again while records come in`, [
    { what: 'until the new leases are in place', value: milliseconds(took) },
    { what: 'slowest answer to a sender meanwhile', value: milliseconds(slowest), bar: '2000 ms' },
    { what: 'event loop delay, p99.9', value: milliseconds(p999), bar: '50 ms' },
    { what: 'event loop delay, largest', value: milliseconds(max), bar: '150 ms' },
    { what: '/metrics meanwhile, p99', value: milliseconds(quantile(times, 0.99)) },
    { what: 'resident memory, largest', value: mebibytes(peak) },
  ]);
}

interface Busy {
  /** Milliseconds that the event loop was held up. */
  readonly p999: number;
  readonly max: number;
  /** MiB. */
  readonly peak: number;
  /** Milliseconds that each answer took. */
  readonly times: readonly number[];
  /** Milliseconds that the slowest answer to a sender took. */
  readonly slowest: number;
}

/** Renewals of a million clients in random order, questions one after the other, and whatever else is to happen. */
async function whileRecordsComeIn(
  questions: readonly string[],
  happening: (agent: BenchAgent) => Promise<void>,
): Promise<Busy> {
  const dataset = await openDataset();
  const agent = await startAgent({ database: await dataset.million(), withDelay: true });
  await forgetPeak(agent.pid);
  await agent.resetDelay();
  const times: number[] = [];
  const stop = new AbortController();
  const asking = ask(agent, times, stop.signal, questions);
  const [{ slowest }] = await Promise.all([dataset.send(agent, renewals(dataset.now, 'random')), happening(agent)]);
  const { p999, max } = await agent.delay();
  const peak = await peakMiB(agent.pid);
  stop.abort();
  await asking;
  await agent.stop();
  return { p999, max, peak, times, slowest };
}

async function ask(
  { url }: BenchAgent,
  times: number[],
  signal: AbortSignal,
  questions: readonly string[],
): Promise<void> {
  const pool = new Pool(url, { connections: 1, headersTimeout: 0 });
  for (let index = 0; !signal.aborted; index += 1) {
    const began = performance.now();
    const { body } = await pool.request({ path: questions[index % questions.length] ?? '/metrics', method: 'GET' });
    await body.dump({ limit: Number.POSITIVE_INFINITY });
    times.push(performance.now() - began);
    await wait(BETWEEN_MS);
  }
  await pool.close();
}

interface MainThread {
  /** Milliseconds in which it had something to do, for each scrape; it may have waited for its turn on the CPU. */
  readonly active: readonly number[];
  /** Milliseconds of CPU time. */
  readonly cpu: readonly number[];
}

async function mainThreadOfScrapes(agent: BenchAgent): Promise<MainThread> {
  const pool = new Pool(agent.url, { connections: 1 });
  const times: { active: number; cpu: number }[] = [];
  for (let nth = 0; nth < SCRAPES; nth += 1) {
    const before = await agent.delay();
    const { body } = await pool.request({ path: '/metrics', method: 'GET', headers: AS_PROMETHEUS });
    await body.dump({ limit: Number.POSITIVE_INFINITY });
    const after = await agent.delay();
    times.push({ active: after.active - before.active, cpu: after.cpu - before.cpu });
  }
  await pool.close();
  const warm = times.slice(SCRAPES / 5);
  return { active: warm.map(({ active }) => active), cpu: warm.map(({ cpu }) => cpu) };
}

/** One scrape at a time, of one agent and then of the other, so that both meet the same moments of the machine. */
async function scrapeInTurns(agents: Record<'few' | 'many', BenchAgent>): Promise<Record<'few' | 'many', Scrapes>> {
  const few = scraper(agents.few);
  const many = scraper(agents.many);
  for (let nth = 0; nth < SCRAPES; nth += 1) {
    await few.scrape();
    await many.scrape();
  }
  return { few: await few.end(), many: await many.end() };
}

function scraper({ url }: BenchAgent) {
  const pool = new Pool(url, { connections: 1 });
  const times: number[] = [];
  let size = 0;
  return {
    async scrape(): Promise<void> {
      const began = performance.now();
      const { body } = await pool.request({ path: '/metrics', method: 'GET' });
      size = (await body.arrayBuffer()).byteLength;
      times.push(performance.now() - began);
    },
    async end(): Promise<Scrapes> {
      await pool.close();
      // The first ones compile.
      const warm = times.slice(SCRAPES / 5);
      return { p50: median(warm), p99: quantile(warm, 0.99), size };
    },
  };
}
