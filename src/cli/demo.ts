import type { AddCommand } from './add-command.ts';
import { listenOption } from './listen-option.ts';
import type { DemoOptions } from './run-demo.ts';
import { speedOption } from './speed-option.ts';

export const demoCommand: AddCommand = (program, terminal, done) => {
  program
    .command('demo')
    .description('run a simulated estate on loopback and an agent that watches it, until Ctrl-C')
    .addOption(listenOption())
    .addOption(speedOption())
    .action(async (options: DemoOptions) => {
      // The agent in earnest has no use for a simulated estate, and is spared its memory.
      const { runDemo } = await import('./run-demo.ts');
      done(await runDemo(options, terminal));
    });
};
