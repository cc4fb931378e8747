import { chromium } from 'playwright-core';
import { Pool } from 'undici';
import { z } from 'zod';
import { findPeer } from '../test/peers/install.ts';
import { type BenchAgent, startAgent } from './agent.ts';
import { LEASES, openDataset } from './dataset.ts';
import { median, quantile } from './measure.ts';
import { milliseconds, print } from './report.ts';

const VIEWS = 500;
const SEARCHES = 2000;
const SHORT_SEARCHES = 100;
const HOSTS = 100;
/** What somebody types: a whole label, a part of one that few have or many, what all have, and what nobody has. */
const SEARCHED: readonly ((n: number) => string)[] = [
  (n) => `pc-${(Math.imul(n, 0x9e37_79b1) >>> 0).toString(36).padStart(7, '0')}`,
  (n) => (n * 7919).toString(36).padStart(4, '0').slice(-4),
  (n) => (n * 31).toString(36).padStart(3, '0').slice(-3),
  () => 'corp',
  () => 'pc-0',
  () => 'zzzzzzzzz',
];

/** What the status page and a search by a part of a name cost with a hundred hosts and a million leases. */
export async function pages(): Promise<void> {
  const dataset = await openDataset();
  const agent = await startAgent({ database: await dataset.million(), withDelay: true });
  // Nothing listens at port 9 of these: what is not up has most to tell.
  await agent.reload({
    hosts: Array.from({ length: HOSTS }, (_, n) => ({ name: `127.0.1.${n + 1}`, port: 9 })),
    probe: { impostor_schedule: '' },
  });
  const pool = new Pool(agent.url, { connections: 1, headersTimeout: 0 });
  await view(pool, '/');
  const status = await measure(pool, agent, VIEWS, () => '/');
  const search = await measure(pool, agent, SEARCHES, (n) => searchFor(SEARCHED[n % SEARCHED.length]?.(n) ?? ''));
  // The index of names has no entries of two letters: those in the list are looked at one by one.
  const short = await measure(pool, agent, SHORT_SEARCHES, (n) =>
    searchFor((n % 36).toString(36) + ((n * 5) % 36).toString(36)),
  );
  const paint = await firstPaint(agent.url);
  await pool.close();
  await agent.stop();
  print(`Pages with ${HOSTS} hosts and ${LEASES} leases`, [
    { what: 'status page, p50', value: milliseconds(status.p50) },
    { what: 'status page, p99', value: milliseconds(status.p99), bar: '50 ms' },
    { what: '  octets', value: String(status.size), bar: '150000' },
    { what: '  first paint in Chromium, best of five', value: paint, bar: '300 ms' },
    { what: 'search by a part of a name, p50', value: milliseconds(search.p50) },
    { what: 'search by a part of a name, p99', value: milliseconds(search.p99), bar: '50 ms' },
    { what: 'search by two letters, p50', value: milliseconds(short.p50) },
    { what: '  event loop delay, p99.9', value: milliseconds(search.delay), bar: '50 ms' },
  ]);
}

/** How long a browser on this machine takes to show something of the status page. */
async function firstPaint(url: string): Promise<string> {
  const executablePath = findPeer('chromium');
  if (executablePath === undefined) return 'Chromium is not installed';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const page = await browser.newPage();
  const paints: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    await page.goto(url);
    const paint = `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))`;
    paints.push(z.number().parse(await page.evaluate(paint)));
  }
  await browser.close();
  return milliseconds(Math.min(...paints));
}

async function measure(pool: Pool, agent: BenchAgent, count: number, path: (n: number) => string) {
  const times: number[] = [];
  let size = 0;
  await agent.resetDelay();
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    size = Math.max(size, await view(pool, path(n)));
    times.push(performance.now() - began);
  }
  const { p999 } = await agent.delay();
  // The first ones compile.
  const warm = times.slice(count / 10);
  return { p50: median(warm), p99: quantile(warm, 0.99), size, delay: p999 };
}

function searchFor(text: string): string {
  return `/leases?client=${text}`;
}

/** @returns octets */
async function view(pool: Pool, path: string): Promise<number> {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return (await body.arrayBuffer()).byteLength;
}
