import { existsSync } from 'node:fs';
import { storeSettings } from '../agent/store-settings.ts';
import { reachStore, type StoreClient } from '../command-socket/store-client.ts';
import type { Config } from '../config/schema.ts';
import { resolveStatePath } from '../config/state-path.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import { createLogger } from './log.ts';
import { mayCreateStore } from './new-store.ts';
import { barredFrom } from './store-rights.ts';
import type { Terminal } from './terminal.ts';

const NO_STORE = (path: string): string =>
  `there is no database ${path}. Run this as the user of the agent, with its --config, and set STATE_DIRECTORY to its folder.`;

/**
 * Does something with the store: through the running agent when one holds it, else on the file itself.
 * @returns the exit code of what was done; 2 on a bad configuration, 1 when there is no store to be had
 */
export async function withStore(
  explicit: string | undefined,
  terminal: Terminal,
  work: (store: StoreClient, config: Config, path: string) => Promise<number>,
  options: { readonly create: boolean; readonly logs?: boolean } = { create: false },
): Promise<number> {
  const loaded = await loadConfiguration(explicit);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const { config } = loaded.value;
  const path = resolveStatePath(config.store.path, terminal.env);
  const barred = path.ok ? barredFrom(path.value) : undefined;
  if (barred !== undefined) {
    terminal.error(`${barred}\n`);
    return EXIT.failed;
  }
  if (path.ok && !options.create && !existsSync(path.value)) {
    terminal.error(`${NO_STORE(path.value)}\n`);
    return EXIT.failed;
  }
  if (path.ok && !existsSync(path.value) && !(await mayCreateStore(path.value, config.store.path, terminal))) {
    return EXIT.failed;
  }
  const logger = options.logs === true ? await createLogger(config.log, terminal) : silentLogger;
  const store = path.ok
    ? await reachStore(path.value, { settings: storeSettings(config), clock: systemClock, logger })
    : path;
  if (!store.ok) {
    terminal.error(`${store.error}\n`);
    return EXIT.failed;
  }
  try {
    return await work(store.value, config, path.ok ? path.value : '');
  } finally {
    await store.value.close();
  }
}
