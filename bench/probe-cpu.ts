import { z } from 'zod';
import { freePort } from '../test/peers/free-port.ts';
import { startBlackbox } from './blackbox.ts';
import { askChild } from './child.ts';
import { makeHosts, startHosts } from './hosts.ts';
import { median } from './measure.ts';
import { microseconds, print, ratio, say } from './report.ts';

const HOSTS = 200;
const PROBES = 4000;
const WARM_UP = 4000;
const CONCURRENCY = 50;
const REPETITIONS = 3;

/** CPU time of a probe (connect, bind, answer, close) beside that of blackbox_exporter's bare TCP connection. */
export async function probeCpu(): Promise<void> {
  const blackbox = await startBlackbox();
  if (blackbox === undefined) return say('\nprobe CPU: left out, prometheus-blackbox-exporter is not installed');
  const hosts = makeHosts(HOSTS, await freePort(), false);
  const running = await startHosts(hosts);
  const targets = hosts.map(({ address, port }) => `${address}:${port}`);
  const ours: number[] = [];
  const theirs: number[] = [];
  await blackbox.cpuPerProbe('tcp_connect', targets, WARM_UP, CONCURRENCY);
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    theirs.push(await blackbox.cpuPerProbe('tcp_connect', targets, PROBES, CONCURRENCY));
    const input = { hosts, count: PROBES, warmUp: WARM_UP, concurrency: CONCURRENCY };
    ours.push((await askChild('probe-cpu-child.ts', input, z.object({ cpuPerProbe: z.number() }))).cpuPerProbe);
  }
  await running.stop();
  await blackbox.stop();
  print(`CPU time of a probe (${PROBES} probes of ${HOSTS} hosts, ${CONCURRENCY} at once, median of ${REPETITIONS})`, [
    { what: 'kmswatch: connect, bind, answer, close', value: microseconds(median(ours)) },
    { what: 'blackbox_exporter tcp_connect, an HTTP request each', value: microseconds(median(theirs)) },
    { what: 'ratio', value: ratio(median(ours) / median(theirs)), bar: '0.50' },
  ]);
}
