import { Command, CommanderError } from 'commander';
import type { AddCommand } from './add-command.ts';
import { EXIT, STATUS } from './exit-codes.ts';
import { ownNames } from './own-names.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';
import { visibly } from './visible.ts';

/** The code of a command is loaded when it is called, so that `check` does not wait for the agent's. */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['run', async () => (await import('./run.ts')).runCommand],
  ['check', async () => (await import('./check.ts')).checkCommand],
  ['config', async () => (await import('./config.ts')).configCommand],
  ['import', async () => (await import('./import.ts')).importCommand],
  ['leases', async () => (await import('./leases.ts')).leasesCommand],
  ['machines', async () => (await import('./machines.ts')).machinesCommand],
  ['keys', async () => (await import('./keys.ts')).keysCommand],
  ['forecast', async () => (await import('./forecast.ts')).forecastCommand],
  ['report', async () => (await import('./report.ts')).reportCommand],
  ['explain', async () => (await import('./explain.ts')).explainCommand],
  ['forget', async () => (await import('./forget.ts')).forgetCommand],
  ['retire', async () => (await import('./retire.ts')).retireCommand],
  ['store', async () => (await import('./store.ts')).storeCommand],
  ['notify', async () => (await import('./notify.ts')).notifyCommand],
  ['stop', async () => (await import('./stop.ts')).stopCommand],
  ['completion', async () => (await import('./completion.ts')).completionCommand],
  ['demo', async () => (await import('./demo.ts')).demoCommand],
]);

/** The command that runs the agent. */
const AGENT = 'run';

/** Runs what the command line says. @returns the exit code */
export async function runProgram(given: readonly string[], on: Terminal): Promise<number> {
  const terminal = visibly(on);
  const named = ownNames(given);
  // As git and npm have it, and commands with commands of their own; the help names the option.
  const args = named[0] === 'help' ? [...named.slice(1), '--help'] : named;
  let code: number = EXIT.ok;
  const program = new Command('kmswatch')
    .description('Watches Microsoft KMS hosts for Prometheus. Never sends them an activation request.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .exitOverride();
  const line = namesNoCommand(args) ? [AGENT, ...args] : args;
  if (line[0] === AGENT) (await import('./begin-agent.ts')).beginAgent();
  for (const add of await commandsFor(line)) {
    add(program, terminal, (result) => {
      code = result;
    });
  }
  try {
    await program.parseAsync(line, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A monitoring system reads 2 as CRITICAL, and a mistyped option of `check` says nothing about any host.
    const usage = args[0] === 'check' ? STATUS.UNKNOWN : EXIT.badUsage;
    return error.exitCode === 0 ? EXIT.ok : usage;
  }
  return code;
}

/** Needs all commands, to print them. */
const COMPLETION = 'completion';

/** The command that is called. All of them for the program's own help, and for a name that only resembles one. */
async function commandsFor([name = '']: readonly string[]): Promise<readonly AddCommand[]> {
  const called = name === COMPLETION ? undefined : COMMANDS.get(name);
  return called === undefined ? Promise.all([...COMMANDS.values()].map((load) => load())) : [await called()];
}

/** Without a command the agent runs, as exporters do; the program's own two options stay what they are. */
function namesNoCommand([first]: readonly string[]): boolean {
  return (
    first === undefined || (first.startsWith('-') && first !== '--help' && first !== '-h' && first !== '--version')
  );
}
