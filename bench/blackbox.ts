import { Pool } from 'undici';
import { startDaemon } from '../test/peers/daemon.ts';
import { findPeer } from '../test/peers/find-peer.ts';
import { freePort } from '../test/peers/free-port.ts';
import { temporaryFolder } from '../test/peers/temporary-folder.ts';
import { cpuSeconds, inParallel } from './measure.ts';

const CONFIG = `modules:
  tcp_connect:
    prober: tcp
    timeout: 5s
    tcp: {preferred_ip_protocol: ip4}
  srv:
    prober: dns
    timeout: 5s
    dns:
      preferred_ip_protocol: ip4
      transport_protocol: udp
      query_name: _vlmcs._tcp.corp.example.com
      query_type: SRV
`;

export interface Blackbox {
  /** Seconds of its CPU time for one probe, over this many probes of these targets in turn. */
  cpuPerProbe(module: string, targets: readonly string[], count: number, concurrency: number): Promise<number>;
  /** Requests for a probe that it answers in a second. */
  probesPerSecond(module: string, targets: readonly string[], count: number, concurrency: number): Promise<number>;
  stop(): Promise<void>;
}

/** The yardstick; undefined when it is not installed. */
export async function startBlackbox(): Promise<Blackbox | undefined> {
  const program = findPeer('prometheus-blackbox-exporter');
  if (program === undefined) return undefined;
  const folder = await temporaryFolder();
  const port = await freePort();
  const daemon = await startDaemon({
    command: [
      program,
      `--config.file=${await folder.write('blackbox.yml', CONFIG)}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: async () => (await fetch(`http://127.0.0.1:${port}/-/healthy`)).ok,
  });
  return {
    async cpuPerProbe(module, targets, count, concurrency) {
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections: concurrency });
      const before = await cpuSeconds(daemon.pid);
      await inParallel(count, concurrency, async (index) => {
        const target = targets[index % targets.length] ?? '';
        const { body } = await pool.request({ method: 'GET', path: `/probe?module=${module}&target=${target}` });
        if (!(await body.text()).includes('\nprobe_success 1\n')) throw new Error(`blackbox failed on ${target}`);
      });
      const used = (await cpuSeconds(daemon.pid)) - before;
      await pool.close();
      return used / count;
    },
    probesPerSecond: (...args) => probesPerSecond(`http://127.0.0.1:${port}`, ...args),
    async stop() {
      await daemon.stop();
      await folder.remove();
    },
  };
}

/** Asks an exporter for one probe after the other, a given number at once; every one must succeed. */
export async function probesPerSecond(
  url: string,
  module: string,
  targets: readonly string[],
  count: number,
  concurrency: number,
): Promise<number> {
  const pool = new Pool(url, { connections: concurrency });
  const started = performance.now();
  await inParallel(count, concurrency, async (index) => {
    const target = targets[index % targets.length] ?? '';
    const { body } = await pool.request({ method: 'GET', path: `/probe?module=${module}&target=${target}` });
    if (!(await body.text()).includes('probe_success 1\n')) throw new Error(`a probe of ${target} by ${url} failed`);
  });
  const elapsed = performance.now() - started;
  await pool.close();
  return (1000 * count) / elapsed;
}
