import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { systemClock } from '../src/kernel/clock.ts';
import { systemRandom } from '../src/kernel/random.ts';
import { err } from '../src/kernel/result.ts';
import { millis } from '../src/kernel/time.ts';
import { probeHost } from '../src/probe/probe-host.ts';
import { createProbeRounds } from '../src/probe/rounds.ts';
import type { HostProbe, ProbeOutcome } from '../src/probe/types.ts';
import { hostName } from '../test/support/host-name.ts';
import { answer, readInput } from './child.ts';
import { BEHAVIOURS, type Behaviour, type BenchHost } from './hosts.ts';
import { quantile } from './measure.ts';

const OUTCOMES: Readonly<Record<Behaviour, ProbeOutcome>> = {
  healthy: 'ok',
  refused: 'refused',
  silent: 'silent',
  torn: 'closed',
  not_rpc: 'not_rpc',
};

const { healthy, mixed, rounds, concurrency, timeout } = await readInput(
  z.object({ healthy: hosts(), mixed: hosts(), rounds: z.int(), concurrency: z.int(), timeout: z.int() }),
);

const { signal } = new AbortController();
const loop = monitorEventLoopDelay({ resolution: 1 });
let started = 0;
let done: number[] = [];
let phases: number[] = [];
let wrong = 0;
const outcomes = new Map<string, ProbeOutcome>();

const { run } = createProbeRounds({
  concurrency,
  key: keyOf,
  lastOutcome: (host) => outcomes.get(keyOf(host)),
  work: (host) =>
    probeHost({
      host: hostName(host.address),
      port: host.port,
      resolve: async () => err({ reason: 'other', detail: 'only addresses are probed here' }),
      timeout: millis(timeout),
      clock: systemClock,
      signal,
    }),
  onFound,
  clock: systemClock,
  random: systemRandom,
});

// One round over all first, so that compilation and allocation on first use count for neither side.
await round(healthy);
const first = await round(mixed);
const without = [];
const withFaults = [];
let halfway = memory();
// Left on throughout: a pause would count as one long delay.
loop.enable();
for (let count = 0; count < rounds; count += 1) {
  without.push(await round(healthy));
  withFaults.push(await round(mixed));
  if (count + 1 === rounds / 2) halfway = memory();
}
loop.disable();
answer({
  first,
  without,
  withFaults,
  wrong,
  loopDelay: { p999: loop.percentile(99.9) / 1e6, max: loop.max / 1e6 },
  halfway,
  after: memory(),
});

/** @returns milliseconds: 99th percentiles over the healthy hosts */
async function round(estate: readonly BenchHost[]): Promise<{ done: number; phases: number }> {
  started = systemClock.monotonic();
  done = [];
  phases = [];
  await run(estate, { spread: 0, signal });
  return { done: quantile(done, 0.99), phases: quantile(phases, 0.99) };
}

function keyOf({ address, port }: BenchHost): string {
  return `${address}:${port}`;
}

function onFound(host: BenchHost, found: HostProbe): void {
  outcomes.set(keyOf(host), found.outcome);
  if (found.outcome !== OUTCOMES[host.behaviour]) wrong += 1;
  if (host.behaviour !== 'healthy') return;
  done.push(systemClock.monotonic() - started);
  phases.push(((found.phases.connect ?? 0) + (found.phases.bind ?? 0)) * 1000);
}

function memory(): { heap: number; resident: number; files: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20, files: readdirSync('/proc/self/fd').length };
}

function hosts() {
  return z.array(z.object({ address: z.string(), port: z.int(), behaviour: z.enum(BEHAVIOURS) }));
}
