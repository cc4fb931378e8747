import { z } from 'zod';
import { systemClock } from '../src/kernel/clock.ts';
import { err } from '../src/kernel/result.ts';
import { millis } from '../src/kernel/time.ts';
import { probeHost } from '../src/probe/probe-host.ts';
import { hostName } from '../test/support/host-name.ts';
import { answer, readInput } from './child.ts';
import { inParallel, ownCpuSeconds } from './measure.ts';

const { hosts, count, warmUp, concurrency } = await readInput(
  z.object({
    hosts: z.array(z.object({ address: z.string(), port: z.int() })),
    count: z.int(),
    warmUp: z.int(),
    concurrency: z.int(),
  }),
);
const { signal } = new AbortController();

await inParallel(warmUp, concurrency, probe);
const used = await ownCpuSeconds(() => inParallel(count, concurrency, probe));
answer({ cpuPerProbe: used / count });

async function probe(index: number): Promise<void> {
  const host = hosts[index % hosts.length];
  if (host === undefined) return;
  const resolve = async () => err({ reason: 'other', detail: 'only addresses are probed here' });
  const result = await probeHost({
    host: hostName(host.address),
    port: host.port,
    resolve,
    timeout: millis(5000),
    clock: systemClock,
    signal,
  });
  if (result?.outcome !== 'ok') throw new Error(`${host.address}: ${result?.detail}`);
}
