import type { Service } from '../agent/service.ts';
import { storeSettings } from '../agent/store-settings.ts';
import { printConfig } from '../config/print.ts';
import type { Config } from '../config/schema.ts';
import type { SystemResolver } from '../discovery/resolv-conf.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok, type Result } from '../kernel/result.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import { systemSource, TrustedClock } from '../kernel/trusted-clock.ts';
import { openStore } from '../store/store.ts';
import type { BegunThread } from '../store/threads/begin-thread.ts';
import { exitAtOnce } from './exit-at-once.ts';
import { EXIT } from './exit-codes.ts';
import type { Loaded } from './load-config.ts';
import type { AgentLogger } from './log.ts';
import { VERSION } from './version.ts';

/** Milliseconds. */
const SAME_CTRL_C = 1_000;

/** A supervisor that asks to stop waits, commonly 10 s; whatever hangs then must not make it kill. */
const LONGEST_STOP = 4_500;

export interface ServeOptions {
  readonly config: Config;
  /** The file of the database. */
  readonly database: string;
  /** The store's thread, if it was begun before. */
  readonly begun?: BegunThread;
  readonly logger: AgentLogger;
  /** By which log records are judged; default: the system's. */
  readonly eventClock?: Clock;
  /** Milliseconds between two countings of what ages; default: a minute. */
  readonly tickEvery?: number;
  readonly system: () => Promise<SystemResolver>;
  readonly load: () => Promise<Result<Loaded, string>>;
  /** Called once it listens. */
  readonly onServing: (service: Service) => void;
}

/**
 * Runs the agent until SIGTERM, SIGINT or `kmswatch stop`; SIGHUP reads the configuration again. On Windows it is SIGHUP
 * if the window is closed, so that it ends the agent there.
 * @returns the exit code
 */
export async function serve(options: ServeOptions): Promise<number> {
  const { logger, config } = options;
  const [told, stop] = untilTold(logger);
  const trusted = new TrustedClock(systemSource, logger);
  const opening = openStore(options.database, {
    settings: storeSettings(config),
    clock: options.eventClock ?? trusted,
    // A clock that runs faster than time is right by definition.
    trusted: options.eventClock === undefined ? trusted : undefined,
    logger,
    begun: options.begun,
    ...(options.tickEvery && { tickEvery: options.tickEvery }),
    // It watches as well as it can without a memory.
    isTolerant: true,
  });
  // While the store's thread opens the database, all else is loaded.
  const { AgentTime, DamageWatch, KeptSocket, Service } = await import('./serve-parts.ts');
  const store = await opening;
  if (!store.ok) {
    logger.error({ error: store.error }, 'the agent cannot start');
    return EXIT.failed;
  }
  const socket = await KeptSocket.open(store.value, options.database, { onStop: stop, logger });
  const damage = new DamageWatch(store.value, options.database, logger);
  const time = new AgentTime(trusted);
  const service = await Service.start({
    config,
    load: async () => {
      const loaded = await options.load();
      return loaded.ok ? ok(keepStore(loaded.value.config, config, logger)) : loaded;
    },
    onConfig: ({ log }) => void logger.configure(log),
    system: options.system,
    print: printConfig,
    version: VERSION,
    deps: {
      clock: time.steady,
      eventClock: options.eventClock ?? trusted,
      time,
      random: systemRandom,
      logger,
      store: store.value,
    },
  });
  if (!service.ok) {
    logger.error({ error: service.error }, 'the agent cannot start');
    await socket.close();
    await store.value.close();
    return EXIT.failed;
  }
  const reload = (): void => void service.value.reload();
  if (!systemPaths().isWindows) process.on('SIGHUP', reload);
  options.onServing(service.value);
  const signal = await told;
  logger.info({ signal }, 'the agent is stopping');
  process.off('SIGHUP', reload);
  damage.stop();
  await service.value.stop();
  await store.value.close();
  // Last: `kmswatch stop` waits for it, and then the database is nobody's.
  await socket.close();
  return EXIT.ok;
}

/** The database stays where it is: another one would be another memory. */
function keepStore(next: Config, running: Config, logger: AgentLogger): Config {
  if (next.store.path !== running.store.path) {
    logger.warn({ path: next.store.path }, 'the new store.path takes effect at the next start');
  }
  return { ...next, store: { ...next.store, path: running.store.path } };
}

const OF_OTHERS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
/** https://nodejs.org/api/process.html#signal-events: Ctrl-C, Ctrl-Break, and the window that is closed. */
const OF_WINDOWS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGBREAK', 'SIGHUP'];

/**
 * Resolves with the first signal that asks to stop. One that follows at once is the same Ctrl-C, which a terminal sends
 * to npm and to its child, and npm hands on as well; a later one ends the process without further ado.
 */
function untilTold(logger: AgentLogger): readonly [told: Promise<string>, stop: () => void] {
  const { promise, resolve } = Promise.withResolvers<string>();
  let told: number | undefined;
  const tell = (by: string): void => {
    // It may still be starting, and hang there.
    if (told === undefined) forceExitLater(logger);
    told ??= performance.now();
    if (performance.now() - told > SAME_CTRL_C) exitAtOnce();
    resolve(by);
  };
  for (const signal of systemPaths().isWindows ? OF_WINDOWS : OF_OTHERS) process.on(signal, tell);
  return [promise, () => tell('kmswatch stop')];
}

function forceExitLater(logger: AgentLogger): void {
  setTimeout(() => {
    logger.error({}, 'the agent did not stop in time, exiting');
    exitAtOnce();
  }, LONGEST_STOP).unref();
}
