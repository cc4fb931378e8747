import { stopAgent } from '../command-socket/store-client.ts';
import { resolveStatePath } from '../config/state-path.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import type { Terminal } from './terminal.ts';

export const stopCommand: AddCommand = (program, terminal, done) => {
  program
    .command('stop')
    .description('end the running agent, as SIGTERM does where there are signals; returns when it has ended')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async (options: { config?: string }) => done(await stop(options.config, terminal)));
};

async function stop(explicit: string | undefined, terminal: Terminal): Promise<number> {
  const loaded = await loadConfiguration(explicit);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const path = resolveStatePath(loaded.value.config.store.path, terminal.env);
  const stopped = path.ok ? await stopAgent(path.value) : path;
  if (!stopped.ok) terminal.error(`${stopped.error}\n`);
  else if (stopped.value) terminal.out('the agent has ended\n');
  else terminal.error(`no agent holds ${path.ok ? path.value : ''}\n`);
  return stopped.ok && stopped.value ? EXIT.ok : EXIT.failed;
}
