import { Command, CommanderError } from 'commander';
import type { AddCommand } from './add-command.ts';
import { checkCommand } from './check.ts';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import { EXIT, STATUS } from './exit-codes.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { leasesCommand } from './leases.ts';
import { notifyCommand } from './notify.ts';
import { retireCommand } from './retire.ts';
import { runCommand } from './run.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const COMMANDS: readonly AddCommand[] = [
  runCommand,
  checkCommand,
  configCommand,
  importCommand,
  leasesCommand,
  explainCommand,
  retireCommand,
  notifyCommand,
  demoCommand,
];

/** Runs what the command line says. @returns the exit code */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.ok;
  const program = new Command('kmswatch')
    .description('Watches Microsoft KMS hosts for Prometheus. Never sends them an activation request.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.error })
    .exitOverride();
  for (const add of COMMANDS) {
    add(program, terminal, (result) => {
      code = result;
    });
  }
  try {
    await program.parseAsync(namesNoCommand(args) ? ['run', ...args] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A monitoring system reads 2 as CRITICAL, and a mistyped option of `check` says nothing about any host.
    const usage = args[0] === 'check' ? STATUS.UNKNOWN : EXIT.badUsage;
    return error.exitCode === 0 ? EXIT.ok : usage;
  }
  return code;
}

/** Without a command the agent runs, as exporters do; the program's own two options stay what they are. */
function namesNoCommand([first]: readonly string[]): boolean {
  return (
    first === undefined || (first.startsWith('-') && first !== '--help' && first !== '-h' && first !== '--version')
  );
}
