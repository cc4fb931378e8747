import { Service } from '../agent/service.ts';
import type { ListenAddress } from '../config/listen-address.ts';
import { printConfig } from '../config/print.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok, type Result } from '../kernel/result.ts';
import { storeSettings } from '../store/settings.ts';
import { openStore } from '../store/store.ts';
import { EXIT } from './exit-codes.ts';
import type { Loaded } from './load-config.ts';
import type { AgentLogger } from './log.ts';
import { VERSION } from './version.ts';

/** A supervisor that asks to stop waits, commonly 10 s; whatever hangs then must not make it kill. */
const LONGEST_STOP = 4_500;

export interface ServeOptions {
  readonly config: Config;
  /** The file of the database. */
  readonly database: string;
  readonly listen: readonly ListenAddress[] | undefined;
  readonly logger: AgentLogger;
  readonly system: () => Promise<SystemResolver>;
  readonly load: () => Promise<Result<Loaded, string>>;
  /** Called once it listens; the signal aborts when it stops. */
  readonly onServing: (service: Service, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs the agent until SIGTERM or SIGINT; SIGHUP reads the configuration again.
 * @returns the exit code
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { logger, config } = options;
  const told = untilTold();
  const store = await openStore(options.database, { settings: storeSettings(config), clock: systemClock, logger });
  if (!store.ok) {
    logger.error({ error: store.error }, 'the agent cannot start');
    return EXIT.failed;
  }
  const service = await Service.start({
    config,
    load: async () => {
      const loaded = await options.load();
      if (!loaded.ok) return loaded;
      logger.configure(loaded.value.config.log);
      return ok(loaded.value.config);
    },
    system: options.system,
    print: printConfig,
    listen: options.listen,
    version: VERSION,
    deps: { clock: systemClock, random: systemRandom, logger, store: store.value },
  });
  if (!service.ok) {
    logger.error({ error: service.error }, 'the agent cannot start');
    await store.value.close();
    return EXIT.failed;
  }
  const ending = new AbortController();
  const reload = (): void => void service.value.reload();
  process.on('SIGHUP', reload);
  await options.onServing(service.value, ending.signal);
  const signal = await told;
  logger.info({ signal }, 'the agent stops');
  ending.abort();
  process.off('SIGHUP', reload);
  forceExitLater(logger);
  await service.value.stop();
  await store.value.close();
  return EXIT.ok;
}

/** Resolves with the first signal that asks to stop; the next one ends the process at once, as it does by default. */
function untilTold(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}

function forceExitLater(logger: AgentLogger): void {
  setTimeout(() => {
    logger.error({}, 'the agent did not stop in time and is ended');
    process.exit(EXIT.failed);
  }, LONGEST_STOP).unref();
}
