import { freePort } from '../test/peers/free-port.ts';
import { startAgent } from '../test/support/agent.ts';
import { probesPerSecond, startBlackbox } from './blackbox.ts';
import { makeHosts, startHosts } from './hosts.ts';
import { median } from './measure.ts';
import { print, ratio, say } from './report.ts';

const HOSTS = 20;
const PROBES = 3000;
const CONCURRENCY = 8;
const REPETITIONS = 5;

/** Requests per second to `/probe` beside blackbox_exporter, whose clients and targets are the same. */
export async function liveProbe(): Promise<void> {
  const blackbox = await startBlackbox();
  if (blackbox === undefined) return say('\nlive probe: left out, prometheus-blackbox-exporter is not installed');
  const hosts = makeHosts(HOSTS, await freePort(), false);
  const running = await startHosts(hosts);
  const targets = hosts.map(({ address, port }) => `${address}:${port}`);
  const names = hosts.map(({ address, port }) => `  - {name: ${address}, port: ${port}}`).join('\n');
  const agent = await startAgent({ config: `discovery: {domains: []}\nhosts:\n${names}\nlog: {level: error}\n` });
  const theirs: number[] = [];
  const rates: Record<'tcp' | 'rpc', number[]> = { tcp: [], rpc: [] };
  const ratios: Record<'tcp' | 'rpc', number[]> = { tcp: [], rpc: [] };
  for (let repetition = 0; repetition <= REPETITIONS; repetition += 1) {
    const tcp = await probesPerSecond(agent.url, 'tcp', targets, PROBES, CONCURRENCY);
    const bar = await blackbox.probesPerSecond('tcp_connect', targets, PROBES, CONCURRENCY);
    const rpc = await probesPerSecond(agent.url, 'rpc', targets, PROBES, CONCURRENCY);
    // The first turn warms up.
    if (repetition === 0) continue;
    theirs.push(bar);
    rates.tcp.push(tcp);
    rates.rpc.push(rpc);
    ratios.tcp.push(tcp / bar);
    ratios.rpc.push(rpc / bar);
  }
  await agent.stop();
  await running.stop();
  await blackbox.stop();
  print(`Live probes, requests per second (${CONCURRENCY} at once, ${HOSTS} hosts, median of ${REPETITIONS})`, [
    { what: 'blackbox_exporter tcp_connect', value: perSecond(median(theirs)) },
    { what: 'kmswatch, module tcp', value: perSecond(median(rates.tcp)) },
    { what: 'kmswatch, module rpc', value: perSecond(median(rates.rpc)) },
    { what: 'ratio tcp, at least', value: ratio(median(ratios.tcp)), bar: '2.20' },
    { what: 'ratio rpc, at least', value: ratio(median(ratios.rpc)), bar: '1.70' },
  ]);
}

function perSecond(rate: number): string {
  return `${rate.toFixed(0)}/s`;
}
