import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { startDnsServer } from '../src/demo/dns-server.ts';
import { freePort } from '../test/peers/free-port.ts';
import { startAgent } from './agent.ts';
import { LEASES, openDataset } from './dataset.ts';
import { makeHosts, startHosts } from './hosts.ts';
import { quantile, residentMiB } from './measure.ts';
import { AS_PROMETHEUS } from './million.ts';
import { mebibytes, milliseconds, print } from './report.ts';

const HOSTS = 1000;
const DOMAINS = 20;
const SCRAPERS = 2;
/** Each scraper asks so often, one second after the other. */
const SCRAPES = 60;
const EVERY_MS = 1000;

/** One agent with as many hosts and leases as one may have, under two scrapers, while it probes them all. */
export async function twoScrapers(): Promise<void> {
  const database = await (await openDataset()).million();
  const port = await freePort();
  const listening = makeHosts(HOSTS, port, false);
  const child = await startHosts(listening);
  const names = listening.map(({ address }, index) => ({
    address,
    host: `kms${String(index + 1).padStart(4, '0')}.corp.example`,
    domain: `d${(index % DOMAINS) + 1}.corp.example`,
  }));
  const records = names.flatMap(({ address, host, domain }) => [
    { name: `_vlmcs._tcp.${domain}`, type: 'SRV', target: host, port } as const,
    { name: host, type: 'A', address } as const,
  ]);
  const dns = await startDnsServer({ zones: ['corp.example'], records });
  const domains = [...new Set(names.map(({ domain }) => domain))];
  const discovery = { domains, servers: [`${dns.address}:${dns.port}`] };
  const agent = await startAgent({
    database,
    withDelay: true,
    more: { discovery, hosts: names.map(({ host }) => ({ name: host })), probe: { schedule: '*/30 * * * * *' } },
  });
  await agent.resetDelay();
  const scrapers = await Promise.all(Array.from({ length: SCRAPERS }, () => scrape(agent.url)));
  const times = scrapers.flatMap((each) => each.times);
  const { p999, max } = await agent.delay();
  const resident = await residentMiB(agent.pid);
  await agent.stop();
  await dns.close();
  await child.stop();
  print(`One agent with ${HOSTS} hosts and ${LEASES} leases, under ${SCRAPERS} scrapers`, [
    { what: 'octets of a scrape, compressed', value: String(scrapers[0]?.size ?? 0) },
    { what: 'scrapes, p50', value: milliseconds(quantile(times, 0.5)) },
    { what: 'scrapes, p99', value: milliseconds(quantile(times, 0.99)) },
    { what: 'event loop delay, p99.9', value: milliseconds(p999), bar: '50 ms' },
    { what: 'event loop delay, largest', value: milliseconds(max) },
    { what: 'resident memory', value: mebibytes(resident) },
  ]);
}

/** @returns milliseconds that each scrape took, and the octets of the last */
async function scrape(url: string): Promise<{ readonly times: readonly number[]; readonly size: number }> {
  const pool = new Pool(url, { connections: 1, headersTimeout: 0 });
  const times: number[] = [];
  let size = 0;
  for (let nth = 0; nth < SCRAPES; nth += 1) {
    const began = performance.now();
    const { body } = await pool.request({ path: '/metrics', method: 'GET', headers: AS_PROMETHEUS });
    size = (await body.arrayBuffer()).byteLength;
    times.push(performance.now() - began);
    await wait(EVERY_MS);
  }
  await pool.close();
  return { times, size };
}
