import type { ListenAddress } from '../config/listen-address.ts';
import { resolveStatePath } from '../config/state-path.ts';
import { watchConfig } from '../config/watch.ts';
import { systemResolver } from '../discovery/resolv-conf.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { type ListenOption, listenOption } from './listen-option.ts';
import { loadConfiguration } from './load-config.ts';
import { createLogger } from './log.ts';
import { serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

export const runCommand: AddCommand = (program, terminal, done) => {
  program
    .command('run')
    .description('the agent: polls, remembers, serves (also what kmswatch does without a command)')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml where it exists')
    .addOption(listenOption())
    .action(async (options: { config?: string } & ListenOption) => {
      done(await run(options.config, options['web.listen'], terminal));
    });
};

async function run(
  explicit: string | undefined,
  listen: readonly ListenAddress[] | undefined,
  terminal: Terminal,
): Promise<number> {
  const loaded = await loadConfiguration(explicit);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const { config, file } = loaded.value;
  const logger = createLogger(config.log, terminal.error);
  const database = resolveStatePath(config.store.path, terminal.env);
  if (!database.ok) {
    logger.error({ error: database.error }, 'the agent cannot start');
    return EXIT.failed;
  }
  return serve({
    config,
    database: database.value,
    listen,
    logger,
    system: () => systemResolver(),
    load: () => loadConfiguration(explicit),
    onServing: async (service, signal) => {
      logger.info({ addresses: service.addresses, config: file, store: database.value }, 'the agent serves');
      if (file === undefined) return;
      await watchConfig({ path: file, onChange: () => void service.reload(), signal });
    },
  });
}
