import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../agent/service.ts';
import { type DemoEstate, startDemoEstate } from '../demo/estate.ts';
import { demoFleet } from '../demo/fleet/demo-fleet.ts';
import { feed } from '../demo/fleet/feed.ts';
import { speedClock } from '../demo/fleet/speed-clock.ts';
import { historyRead } from '../demo/history-read.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/time.ts';
import type { ListenOption } from './listen-option.ts';
import { createLogger } from './log.ts';
import { serve } from './serve.ts';
import { withFlags } from './shared-flags.ts';
import type { Terminal } from './terminal.ts';

/** As the command line says. */
export interface DemoOptions extends ListenOption {
  readonly speed: number;
}

/** @returns the exit code */
export async function runDemo({ speed, ...flags }: DemoOptions, terminal: Terminal): Promise<number> {
  const eventClock = speed === 1 ? systemClock : speedClock(systemClock, speed);
  const token = new Secret(Buffer.from(systemRandom.bytes(16)).toString('hex'));
  const fleet = demoFleet(eventClock.now());
  const estate = await startDemoEstate(fleet, token, eventClock);
  const folder = await mkdtemp(join(tmpdir(), 'kmswatch-demo-'));
  const config = withFlags(estate.config, flags);
  const logger = await createLogger(config.log, terminal);
  const ending = new AbortController();
  let feeding: Promise<void> | undefined;
  const begin = async (url: string): Promise<void> => {
    const { signal } = ending;
    const hosts = fleet.plan.sites.flatMap((site) => site.hosts.map(({ name }) => name));
    let told: Promise<void> | undefined;
    const tell = async (records: number): Promise<void> => {
      if (!(await historyRead(url, hosts, signal))) return;
      terminal.out(
        `The past of the estate is there: ${records} records from 400 days. From now on, records come as they are written.\n`,
      );
    };
    const onHistory = (records: number): void => {
      told = tell(records);
    };
    const { append: isTaken, push } = estate.readings;
    const pushed = push(url, signal, (status) => logger.error({ status }, 'a simulated report was rejected'));
    const fed = await feed({ url, token, fleet, from: fleet.start, clock: eventClock, signal, isTaken, onHistory });
    if (!fed.ok) logger.error({ error: fed.error }, 'the simulated records were rejected');
    await Promise.all([pushed, told]);
  };
  try {
    return await serve({
      config,
      database: join(folder, 'kmswatch.db'),
      logger,
      eventClock,
      tickEvery: Math.max(MINUTE_MS / speed, SECOND_MS),
      system: async () => ({ servers: [], search: [] }),
      load: async () => ok({ config, file: undefined }),
      onServing: (service) => {
        terminal.out(welcome(estate, service, folder));
        feeding = begin(`http://${service.addresses[0]}`);
      },
    });
  } finally {
    ending.abort();
    await feeding;
    await estate.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function welcome(estate: DemoEstate, service: Service, folder: string): string {
  const urls = service.addresses.map((address) => `http://${address}`);
  return [
    'A simulated estate on loopback, watched by kmswatch.',
    '',
    ...estate.describe().map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    ...urls.flatMap((url) => [
      `  Status page  ${url}/`,
      `  Metrics      ${url}/metrics`,
      `  Targets      ${url}/sd/hosts`,
    ]),
    `  A machine    STATE_DIRECTORY=${folder} npm start -s -- explain br-0001`,
    `  First look   npm start -- check --domain ${estate.domain} --server ${estate.server}`,
    '',
    'Its past of 400 days is being read now, which takes some minutes. Until then, pages and explain show a part of it.',
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');
}
