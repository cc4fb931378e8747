import { z } from 'zod';
import { freePort } from '../test/peers/free-port.ts';
import { askChild } from './child.ts';
import { makeHosts, startHosts } from './hosts.ts';
import { median } from './measure.ts';
import { mebibytes, milliseconds, print, ratio } from './report.ts';

const HOSTS = 2000;
const ROUNDS = 20;
const CONCURRENCY = 512;
const TIMEOUT_MS = 1000;

const quantiles = z.object({ done: z.number(), phases: z.number() });
const memory = z.object({ heap: z.number(), resident: z.number(), files: z.int() });
const results = z.object({
  first: quantiles,
  without: z.array(quantiles),
  withFaults: z.array(quantiles),
  wrong: z.int(),
  loopDelay: z.object({ p999: z.number(), max: z.number() }),
  halfway: memory,
  after: memory,
});

/** Whether faulty hosts delay healthy ones, in rounds that start all probes at once. */
export async function round(): Promise<void> {
  const healthy = makeHosts(HOSTS, await freePort(), false);
  const mixed = makeHosts(HOSTS, await freePort(), true);
  const running = [await startHosts(healthy), await startHosts(mixed)];
  const input = { healthy, mixed, rounds: ROUNDS, concurrency: CONCURRENCY, timeout: TIMEOUT_MS };
  const { first, without, withFaults, wrong, loopDelay, halfway, after } = await askChild(
    'round-child.ts',
    input,
    results,
  );
  for (const child of running) await child.stop();

  const done = { without: median(without.map((p) => p.done)), withFaults: median(withFaults.map((p) => p.done)) };
  const phases = { without: median(without.map((p) => p.phases)), withFaults: median(withFaults.map((p) => p.phases)) };
  print(
    `A round over ${HOSTS} hosts, ${CONCURRENCY} at once, without faults and with a fifth faulty (${ROUNDS} each)`,
    [
      {
        what: 'healthy host done after the start of the round, p99, without faults',
        value: milliseconds(done.without),
      },
      { what: '  with faults', value: milliseconds(done.withFaults) },
      { what: '  ratio', value: ratio(done.withFaults / done.without), bar: '2.00' },
      {
        what: '  first round, its silent hosts not known yet: ratio',
        value: ratio(first.done / done.without),
        bar: '2.00',
      },
      { what: 'connect and bind of a healthy host, p99, without faults', value: milliseconds(phases.without) },
      { what: '  with faults', value: milliseconds(phases.withFaults) },
      { what: '  ratio', value: ratio(phases.withFaults / phases.without), bar: '2.00' },
      { what: 'event loop delay, p99.9', value: milliseconds(loopDelay.p999), bar: '50 ms' },
      { what: '  longest', value: milliseconds(loopDelay.max) },
      { what: `heap in use after ${ROUNDS / 2} rounds of each`, value: mebibytes(halfway.heap) },
      { what: `  after ${ROUNDS}`, value: mebibytes(after.heap), bar: 'the same' },
      { what: `resident memory after ${ROUNDS / 2}`, value: mebibytes(halfway.resident) },
      { what: `  after ${ROUNDS}`, value: mebibytes(after.resident), bar: 'the same' },
      { what: `open files and sockets after ${ROUNDS / 2}`, value: String(halfway.files) },
      { what: `  after ${ROUNDS}`, value: String(after.files), bar: 'the same' },
      { what: 'outcomes that are not what the host did', value: String(wrong), bar: '0' },
    ],
  );
}
