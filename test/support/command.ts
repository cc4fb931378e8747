import { runProgram } from '../../src/cli/program.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command of kmswatch in this process, its terminal kept. */
export async function runCommand(args: readonly string[], { color = false } = {}): Promise<CommandResult> {
  let out = '';
  let error = '';
  const terminal = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    color,
    interactive: false,
    env: {},
  };
  const code = await runProgram(args, terminal);
  return { code, out, error };
}
