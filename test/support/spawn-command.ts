import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN } from './agent.ts';
import type { CommandResult } from './command.ts';

/** Runs a command of kmswatch in its own process, without a terminal. */
export async function spawnCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    error += data.toString();
  });
  const [code] = await once(child, 'close');
  return { code, out, error };
}
