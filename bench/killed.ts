import { startAgent } from './agent.ts';
import { firstContacts, openDataset } from './dataset.ts';
import { median } from './measure.ts';
import { milliseconds, print } from './report.ts';

const LEASES = 100_000;
const KILLS = 3;

/** How soon the agent is ready again after `kill -9`, which leaves a write-ahead log and leases that are not merged yet. */
export async function killed(): Promise<void> {
  const dataset = await openDataset();
  const database = await dataset.empty();
  const first = await startAgent({ database });
  await dataset.send(first, { ...firstContacts(dataset.now), clients: LEASES, records: LEASES });
  await first.kill();
  const starts: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const agent = await startAgent({ database });
    starts.push(agent.starting);
    await agent.kill();
  }
  print(`A start after kill -9 with ${LEASES} leases`, [
    { what: 'until the agent is ready, the first time', value: milliseconds(starts[0] ?? Number.NaN), bar: '3000 ms' },
    { what: `  median of ${KILLS}`, value: milliseconds(median(starts)), bar: '3000 ms' },
  ]);
}
