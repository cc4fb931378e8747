import { AgentTime } from '../../src/agent/agent-time.ts';
import { Service } from '../../src/agent/service.ts';
import { storeSettings } from '../../src/agent/store-settings.ts';
import type { Config } from '../../src/config/schema.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { ok } from '../../src/kernel/result.ts';
import { TrustedClock } from '../../src/kernel/trusted-clock.ts';
import { openStore, type Store } from '../../src/store/store.ts';

type Start = Parameters<typeof Service.start>[0];

export interface ServiceOptions extends Partial<Pick<Start, 'hurry'>> {
  readonly config: Config;
  /** Folder of the database. */
  readonly folder: string;
  /** Milliseconds between two counts of the values that change with time. */
  readonly tickEvery: number;
}

export interface RunningService {
  readonly service: Service;
  readonly store: Store;
  readonly url: string;
}

/** The agent's service in this process, with its own database. The test must stop its parts. */
export async function startService({ config, folder, tickEvery, ...rest }: ServiceOptions): Promise<RunningService> {
  const trusted = new TrustedClock();
  const time = new AgentTime(trusted);
  const shared = { clock: systemClock, logger: silentLogger };
  const opened = await openStore(`${folder}/kmswatch.db`, { ...shared, settings: storeSettings(config), tickEvery });
  if (!opened.ok) throw new Error(opened.error);
  const store = opened.value;
  const started = await Service.start({
    ...rest,
    config,
    load: async () => ok(config),
    onConfig: () => {},
    system: async () => ({ servers: [], search: [] }),
    print: () => '',
    version: '0.0.0',
    deps: { ...shared, time, eventClock: systemClock, random: systemRandom, store },
  });
  if (!started.ok) throw new Error(started.error);
  return { service: started.value, store, url: `http://${started.value.addresses[0]}` };
}
