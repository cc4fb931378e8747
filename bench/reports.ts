import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import { seriesValue, startAgent } from '../test/support/agent.ts';
import { makeCertificate } from '../test/support/certificates.ts';
import { residentMiB } from './measure.ts';
import { milliseconds, print } from './report.ts';

const HOSTS = Number(process.env['HOSTS'] ?? 500);
const ROUNDS = Number(process.env['ROUNDS'] ?? 100);

const Urls = z.object({ urls: z.array(z.string()) });
const Counts = z.object({ connections: z.number(), subscriptions: z.number() });

/** Hosts that report over WinRM while a subscription reads the log of each, all over TLS: `HOSTS` and `ROUNDS` set how many. */
export async function reports(): Promise<void> {
  const folder = await temporaryFolder();
  await makeCertificate(folder, 'server', { sans: 'DNS:localhost,IP:127.0.0.1' });
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

  const started = performance.now();
  const agent = await startAgent({ config: configOf(urls), folder, deadline: 300_000 });
  const ready = performance.now() - started;
  while ((await counts()).subscriptions < HOSTS) await wait(100);
  const subscribed = performance.now() - started;
  const durations: number[] = [];
  const sockets: number[] = [];
  let resident = 0;
  for (let last = 0; durations.length < ROUNDS; ) {
    await wait(200);
    const page = await agent.metrics();
    resident = Math.max(resident, await residentMiB(agent.daemon.pid));
    const end = seriesValue(page, 'kmswatch_last_poll_timestamp_seconds{loop="reports"}') ?? 0;
    if (end === last) continue;
    last = end;
    durations.push(1000 * (seriesValue(page, 'kmswatch_poll_duration_seconds{loop="reports"}') ?? 0));
    sockets.push((await socketsOf(agent.daemon.pid)).length);
  }
  const page = await agent.metrics();
  const up = [...page.matchAll(/^kms_host_report_up\{.*\} 1$/gm)].length;
  const read = [...page.matchAll(/^kms_host_activations_up\{.*\} 1$/gm)].length;
  const left = await counts();
  await agent.stop();
  windows.kill();
  print(`${HOSTS} hosts asked over WinRM, ${HOSTS} subscriptions, ${durations.length} rounds`, [
    { what: 'first round of all loops, from the start', value: milliseconds(ready), bar: '60000 ms' },
    { what: 'all subscriptions, from the start', value: milliseconds(subscribed), bar: '60000 ms' },
    { what: 'slowest round of reports', value: milliseconds(Math.max(...durations)), bar: '60000 ms' },
    { what: 'resident memory, largest', value: `${Math.round(resident)} MiB`, bar: '250 MiB' },
    { what: 'sockets of the agent after the first rounds', value: String(sockets[0]) },
    { what: 'and after the last', value: String(sockets.at(-1)), bar: `some more than ${HOSTS}` },
    { what: 'hosts that report, logs that are read', value: `${up}, ${read}`, bar: `${HOSTS}, ${HOSTS}` },
    { what: 'subscriptions that the hosts hold', value: String(left.subscriptions), bar: String(HOSTS) },
  ]);
}

function configOf(urls: readonly string[]): string {
  const hosts = urls.map((url, n) => {
    const winrm = { url, insecure: true, auth: 'basic', username: 'mon', password_file: 'password' };
    return { name: `127.1.${n >> 8}.${n & 255}`, port: 9, report: { winrm }, activations: { winrm } };
  });
  return JSON.stringify({
    discovery: { domains: [], servers: ['127.0.0.1:9'] },
    hosts,
    reports: { schedule: '*/2 * * * * *', timeout: '30s', stale_after: '5m' },
  });
}

async function socketsOf(pid: number): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return links.filter((link) => link.startsWith('socket:'));
}
