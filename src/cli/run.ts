import type { AddCommand } from './add-command.ts';
import { saveMemory } from './agent-memory.ts';
import { type ListenOption, listenOption } from './listen-option.ts';

export const runCommand: AddCommand = (program, terminal, done) => {
  program
    .command('run')
    .description('run the agent: poll, store, serve (the default if you give no command)')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .addOption(listenOption())
    .action(async (options: { config?: string } & ListenOption) => {
      // Before the agent is loaded, as threads and heaps keep what they began with.
      saveMemory();
      const { runAgent } = await import('./run-agent.ts');
      done(await runAgent(options.config, options['web.listen'], terminal));
    });
};
