import { InvalidArgumentError } from 'commander';
import { type ListenAddress, parseListenAddress } from '../config/listen-address.ts';
import { resolveStatePath } from '../config/state-path.ts';
import { watchConfig } from '../config/watch.ts';
import { systemResolver } from '../discovery/resolv-conf.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import { createLogger } from './log.ts';
import type { AddCommand } from './program.ts';
import { serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

export const runCommand: AddCommand = (program, terminal, done) => {
  program
    .command('run', { isDefault: true })
    .description('the agent: polls, remembers, serves (also what kmswatch does without a command)')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml where it exists')
    .option(
      '--web.listen <address>',
      'where to listen, in place of web.listen: 127.0.0.1:11688, [::1]:11688, or :11688 for every address; may be repeated',
      addAddress,
    )
    .action(async (options: { config?: string; 'web.listen'?: readonly ListenAddress[] }) => {
      done(await run(options.config, options['web.listen'], terminal));
    });
};

function addAddress(text: string, before: readonly ListenAddress[] | undefined): readonly ListenAddress[] {
  const address = parseListenAddress(text);
  if (!address.ok) throw new InvalidArgumentError(address.error);
  return [...(before ?? []), address.value];
}

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
