import { Argument } from 'commander';
import type { AddCommand } from './add-command.ts';
import { bashCompletion } from './completion/bash.ts';
import { commandTree, type TreeCommand } from './completion/command-tree.ts';
import { fishCompletion } from './completion/fish.ts';
import { zshCompletion } from './completion/zsh.ts';
import { EXIT } from './exit-codes.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** Made from the commands that `program` has, so all of them must be added to it. */
export const completionCommand: AddCommand = (program, terminal, done) => {
  program
    .command('completion')
    .description('print the script that completes commands, options and their values in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => {
      terminal.out(SHELLS[shell](withRun(commandTree(program))));
      done(EXIT.ok);
    });
};

/** Without a command the agent runs, so the program takes the options of `run`. */
function withRun(root: TreeCommand): TreeCommand {
  const run = root.commands.find(({ path }) => path[0] === 'run')?.options ?? [];
  const own = new Set(root.options.flatMap(({ names }) => names));
  return { ...root, options: [...root.options, ...run.filter(({ names }) => !names.some((name) => own.has(name)))] };
}
