import type { Service } from '../agent/service.ts';
import { findConfigFile } from '../config/config-file.ts';
import { resolveStatePath } from '../config/state-path.ts';
import { watchConfig } from '../config/watch.ts';
import { systemResolver } from '../discovery/resolv-conf.ts';
import type { BegunThread } from '../store/threads/begin-thread.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration, loadServingConfiguration } from './load-config.ts';
import { createLogger } from './log.ts';
import { sayStarted } from './say-started.ts';
import { serve } from './serve.ts';
import type { SharedFlags } from './shared-flags.ts';
import type { Terminal } from './terminal.ts';

/** As the command line says. */
export type RunOptions = { readonly config?: string } & SharedFlags;

/**
 * @param begun the store's thread, which loads meanwhile
 * @returns the exit code
 */
export async function runAgent(options: RunOptions, terminal: Terminal, begun: BegunThread): Promise<number> {
  const ending = new AbortController();
  let service: Service | undefined;
  const file = findConfigFile(options.config);
  if (file !== undefined) {
    // Before the first reading, so that no change between the two is missed.
    await watchConfig({ path: file, onChange: () => void service?.reload(), signal: ending.signal });
  }
  const loaded = await loadServingConfiguration(file, options);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const { config } = loaded.value;
  const logger = await createLogger(config.log, terminal);
  const database = resolveStatePath(config.store.path, terminal.env);
  if (!database.ok) {
    logger.error({ error: database.error }, 'the agent cannot start');
    return EXIT.failed;
  }
  const code = await serve({
    config,
    database: database.value,
    begun,
    logger,
    system: () => systemResolver(),
    load: () => loadConfiguration(file, options),
    onServing: (serving) => {
      service = serving;
      logger.info(
        { scheme: serving.scheme, addresses: serving.addresses, config: file, store: database.value },
        'the agent is listening',
      );
      void sayStarted(terminal.env, logger);
    },
  });
  ending.abort();
  return code;
}
