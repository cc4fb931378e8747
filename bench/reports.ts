import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type TemporaryFolder, temporaryFolder } from '../test/peers/temporary-folder.ts';
import { seriesValue, startAgent } from '../test/support/agent.ts';
import { makeCertificates } from '../test/support/certificates.ts';
import { peakMiB } from './agent.ts';
import { median, residentMiB } from './measure.ts';
import { milliseconds, print } from './report.ts';

const HOSTS = Number(process.env['HOSTS'] ?? 500);
const ROUNDS = Number(process.env['ROUNDS'] ?? 100);

/** Concurrent requests, each over its own connection. */
const QUESTIONS = 128;

/** Seconds: as often as Prometheus asks an agent that is watched closely. */
const SCRAPE_EVERY = 15;

const Urls = z.object({ urls: z.array(z.string()) });
const Counts = z.object({ connections: z.number(), reports: z.number(), subscriptions: z.number() });

/**
 * Hosts that report over WinRM while a subscription reads the log of each, all over TLS: `HOSTS`, `ROUNDS` and
 * `RECORDS` (of each log) set how many. The hosts are in their own process, and the agent runs as users run it. Its
 * rounds follow each other without a break; those of users are five minutes apart.
 */
export async function reports(): Promise<void> {
  const folder = await temporaryFolder();
  await makeCertificates(folder);
  await folder.write('password', 'secret\n');
  const [key, cert] = await Promise.all(
    ['key', 'pem'].map((end) => readFile(join(folder.path, `server.${end}`), 'utf8')),
  );
  const windows = fork(join(import.meta.dirname, 'windows-child.ts'));
  windows.send(JSON.stringify({ hosts: HOSTS, key, cert }));
  const { urls } = Urls.parse((await once(windows, 'message'))[0]);
  const counts = async (): Promise<z.infer<typeof Counts>> => {
    windows.send('count');
    return Counts.parse((await once(windows, 'message'))[0]);
  };
  // Once before, as after an installation: types are stripped, and code is compiled, at the first start alone.
  await (await startAgent({ config: configOf(urls.slice(0, 1)), folder: await folderOf(folder) })).stop();
  const before = (await counts()).reports;

  const started = performance.now();
  const agent = await startAgent({ config: configOf(urls), folder, deadline: 300_000 });
  const { pid } = agent.daemon;
  const ready = performance.now() - started;
  const atStart = await residentKB(pid);
  while ((await counts()).subscriptions < HOSTS) await wait(100);
  const subscribed = performance.now() - started;
  const after = new Map<number, { readonly resident: number; readonly sockets: number }>();
  const samples: number[] = [];
  const durations: number[] = [];
  for (let round = 0, scraped = 0; round < ROUNDS; ) {
    await wait(250);
    samples.push(await residentKB(pid));
    round = Math.floor(((await counts()).reports - before) / HOSTS);
    for (const wanted of [1, 10, 100, ROUNDS]) {
      if (round < wanted || after.has(wanted)) continue;
      after.set(wanted, { resident: await residentKB(pid), sockets: await socketsOf(pid) });
    }
    if (performance.now() - scraped < 1000 * SCRAPE_EVERY) continue;
    scraped = performance.now();
    const took = seriesValue(await agent.metrics(), 'kmswatch_poll_duration_seconds{loop="reports"}');
    durations.push(1000 * (took ?? 0));
  }
  const page = await agent.metrics();
  const up = [...page.matchAll(/^kms_host_report_up\{.*\} 1$/gm)].length;
  const read = [...page.matchAll(/^kms_host_activations_up\{.*\} 1$/gm)].length;
  const left = await counts();
  const peak = await peakKB(pid);
  await agent.stop();
  windows.kill();
  const moments = [...after].sort(([a], [b]) => a - b);
  print(`${HOSTS} hosts asked over WinRM, ${HOSTS} subscriptions, ${ROUNDS} rounds`, [
    { what: 'first round of all loops, from the start', value: milliseconds(ready), bar: '60000 ms' },
    { what: 'all subscriptions, from the start', value: milliseconds(subscribed), bar: '60000 ms' },
    { what: 'slowest round of reports', value: milliseconds(Math.max(...durations)), bar: '60000 ms' },
    { what: 'resident memory after the start', value: `${atStart} kB`, bar: '250000 kB' },
    ...moments.map(([round, { resident }]) => ({
      what: `resident memory after round ${round}`,
      value: `${resident} kB`,
      bar: '250000 kB',
    })),
    { what: 'resident memory, median', value: `${median(samples)} kB`, bar: '250000 kB' },
    { what: 'resident memory, peak', value: `${peak} kB`, bar: '250000 kB' },
    ...moments.map(([round, { sockets }]) => ({
      what: `sockets of the agent after round ${round}`,
      value: String(sockets),
      bar: `${HOSTS} to ${HOSTS + QUESTIONS + 10}`,
    })),
    { what: 'hosts that report, logs that are read', value: `${up}, ${read}`, bar: `${HOSTS}, ${HOSTS}` },
    { what: 'subscriptions that the hosts hold', value: String(left.subscriptions), bar: String(HOSTS) },
  ]);
}

/** A folder for the agent that is started once before. */
async function folderOf({ path }: TemporaryFolder): Promise<TemporaryFolder> {
  const copy = await temporaryFolder();
  await copy.write('password', 'secret\n');
  await copy.write('ca.pem', await readFile(join(path, 'ca.pem'), 'utf8'));
  return copy;
}

function configOf(urls: readonly string[]): string {
  const hosts = urls.map((url, n) => {
    const winrm = { url, auth: 'basic', username: 'mon', password_file: 'password', ca_file: 'ca.pem' };
    return { name: `127.1.${n >> 8}.${n & 255}`, port: 9, report: { winrm }, activations: { winrm } };
  });
  return JSON.stringify({
    discovery: { domains: [], servers: ['127.0.0.1:9'] },
    hosts,
    reports: { schedule: '*/2 * * * * *', timeout: '30s', stale_after: '5m' },
  });
}

async function socketsOf(pid: number): Promise<number> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:')).length;
}

async function residentKB(pid: number): Promise<number> {
  return Math.round((await residentMiB(pid)) * 1048.576);
}

async function peakKB(pid: number): Promise<number> {
  return Math.round((await peakMiB(pid)) * 1048.576);
}
