import { z } from 'zod';
import { lookupSrv } from '../src/discovery/lookup-srv.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { millis } from '../src/kernel/time.ts';
import { hostName } from '../test/support/host-name.ts';
import { answer, readInput } from './child.ts';
import { inParallel, ownCpuSeconds } from './measure.ts';

const { port, count, warmUp, concurrency } = await readInput(
  z.object({ port: z.int(), count: z.int(), warmUp: z.int(), concurrency: z.int() }),
);
const server = { label: `127.0.0.1:${port}`, host: hostName('127.0.0.1'), port };
const { signal } = new AbortController();

await inParallel(warmUp, concurrency, lookup);
const used = await ownCpuSeconds(() => inParallel(count, concurrency, lookup));
answer({ cpuPerLookup: used / count });

async function lookup(): Promise<void> {
  const options = { timeout: millis(2000), attempts: 2, clock: systemClock, random: systemRandom, signal };
  const { result } = await lookupSrv(hostName('corp.example.com'), server, options);
  if (!result.ok || result.value.records.length !== 2) throw new Error(`lookup failed: ${JSON.stringify(result)}`);
}
