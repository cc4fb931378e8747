import type { AddCommand } from './add-command.ts';
import { takeBegunThread } from './begin-agent.ts';
import type { RunOptions } from './run-agent.ts';
import { addSharedFlags } from './shared-flags.ts';

export const runCommand: AddCommand = (program, terminal, done) => {
  const command = program
    .command('run')
    .description('run the agent: poll, store, serve (the default if you give no command)')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists');
  addSharedFlags(command).action(async (options: RunOptions) => {
    const begun = takeBegunThread();
    const { runAgent } = await import('./run-agent.ts');
    done(await runAgent(options, terminal, begun));
    // It has ended with the store, unless there was a mistake before.
    await begun.worker.terminate();
  });
};
