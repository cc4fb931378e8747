import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { Pool } from 'undici';
import { z } from 'zod';
import { findPeer } from '../test/peers/find-peer.ts';
import { type BenchAgent, startAgent } from './agent.ts';
import { LEASES, openDataset } from './dataset.ts';
import { median, quantile } from './measure.ts';
import { milliseconds, print } from './report.ts';

const VIEWS = 500;
const SEARCHES = 2000;
const SHORT_SEARCHES = 300;
const HOSTS = 100;
const SCRAPES = 300;
const IDLE = 1000;
const SLOW = 50;
/** Milliseconds between two bytes of a slow client. */
const DRIP = 100;
/** Search texts: a whole label, parts that few or many names have, one that all have, and one that none has. */
const SEARCHED: readonly ((n: number) => string)[] = [
  nameOf,
  (n) => (n * 7919).toString(36).padStart(4, '0').slice(-4),
  (n) => (n * 31).toString(36).padStart(3, '0').slice(-3),
  () => 'corp',
  () => 'pc-0',
  () => 'zzzzzzzzz',
];

/** The cost of pages and scrapes with a hundred hosts and a million leases, alone and among idle and slow clients. */
export async function pages(): Promise<void> {
  const dataset = await openDataset();
  const agent = await startAgent({ database: await dataset.million(), withDelay: true });
  // Nothing listens at port 9 of these: a host that is down makes the longest page.
  await agent.reload({
    hosts: Array.from({ length: HOSTS }, (_, n) => ({ name: `127.0.1.${n + 1}`, port: 9 })),
    probe: { impostor_schedule: '' },
  });
  const pool = new Pool(agent.url, { connections: 1, headersTimeout: 0 });
  await view(pool, '/');
  const status = await measure(pool, agent, VIEWS, () => '/');
  const search = await measure(pool, agent, SEARCHES, (n) => searchFor(SEARCHED[n % SEARCHED.length]?.(n) ?? ''));
  // The index of names has no entries of two letters: the names themselves are looked at.
  const short = await measure(pool, agent, SHORT_SEARCHES, (n) =>
    searchFor((n % 36).toString(36) + ((n * 5) % 36).toString(36)),
  );
  const browser = await startBrowser();
  const paint = browser === undefined ? NO_BROWSER : await firstPaint(browser, agent.url);
  const found = browser === undefined ? NO_BROWSER : await findOne(browser, agent.url);
  await browser?.close();
  const alone = await measure(pool, agent, SCRAPES, () => '/metrics');
  const crowd = await crowdAround(Number(new URL(agent.url).port));
  const among = await measure(pool, agent, SCRAPES, () => '/metrics');
  await crowd.leave();
  await pool.close();
  await agent.stop();
  print(`Pages with ${HOSTS} hosts and ${LEASES} leases`, [
    { what: 'status page, p50', value: milliseconds(status.p50) },
    { what: 'status page, p99', value: milliseconds(status.p99), bar: '50 ms' },
    { what: '  octets', value: String(status.size), bar: '150000' },
    { what: '  first paint in Chromium, best of five', value: paint, bar: '300 ms' },
    { what: 'search by a part of a name, p50', value: milliseconds(search.p50) },
    { what: 'search by a part of a name, p99', value: milliseconds(search.p99), bar: '50 ms' },
    { what: '  event loop delay, p99.9', value: milliseconds(search.delay), bar: '50 ms' },
    { what: 'search by two letters, p50', value: milliseconds(short.p50) },
    { what: 'search by two letters, p99', value: milliseconds(short.p99) },
    { what: 'one machine found in Chromium, from the status page to its own', value: found },
    { what: 'scrape, p50', value: milliseconds(alone.p50) },
    { what: 'scrape, p99', value: milliseconds(alone.p99) },
    { what: `scrape among ${IDLE} idle connections and ${SLOW} slow clients, p50`, value: milliseconds(among.p50) },
    {
      what: `scrape among ${IDLE} idle connections and ${SLOW} slow clients, p99`,
      value: milliseconds(among.p99),
      bar: milliseconds(alone.p99 + 100),
    },
  ]);
}

const NO_BROWSER = 'Chromium is not installed';

async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = findPeer('chromium');
  if (executablePath === undefined) return undefined;
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** The requests of a person who looks for one machine among a million. */
async function findOne(browser: Browser, url: string): Promise<string> {
  const name = `${nameOf(LEASES / 2)}.corp.test`;
  const page = await browser.newPage();
  await page.goto(url);
  const began = performance.now();
  await page.getByLabel('Find a machine').fill(nameOf(LEASES / 2));
  await page.getByLabel('Find a machine').press('Enter');
  await page.getByRole('row').getByRole('link', { name }).click();
  await page.locator('h1').filter({ hasText: name }).waitFor();
  const took = performance.now() - began;
  await page.close();
  return milliseconds(took);
}

/** Connections that had an answer and stay open, and clients that send their header byte by byte. */
async function crowdAround(port: number): Promise<{ readonly leave: () => Promise<void> }> {
  const idle: Socket[] = [];
  for (let count = 0; count < IDLE; count += 1) {
    const socket = await open(port);
    socket.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    idle.push(socket);
  }
  const gone = new AbortController();
  const slow = Array.from({ length: SLOW }, () => drip(port, gone.signal));
  return {
    leave: async () => {
      gone.abort();
      await Promise.all(slow);
      for (const socket of idle) socket.destroy();
    },
  };
}

/** A client that never comes to the end of its header; it is shown the door, and comes again. */
async function drip(port: number, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    const socket = await open(port);
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\nX-');
    while (!gone.aborted && !socket.destroyed) {
      socket.write('x');
      await wait(DRIP);
    }
    socket.destroy();
  }
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** How long a browser on this machine takes to show something of the status page. */
async function firstPaint(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  const paints: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    await page.goto(url);
    const paint = `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))`;
    paints.push(z.number().parse(await page.evaluate(paint)));
  }
  await page.close();
  return milliseconds(Math.min(...paints));
}

/** The first label of one of the million's names. */
function nameOf(n: number): string {
  return `pc-${(Math.imul(n, 0x9e37_79b1) >>> 0).toString(36).padStart(7, '0')}`;
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

/** @returns bytes */
async function view(pool: Pool, path: string): Promise<number> {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
  return (await body.arrayBuffer()).byteLength;
}
