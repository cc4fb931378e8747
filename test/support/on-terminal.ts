import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN } from './agent.ts';

export interface OnTerminal {
  readonly code: number;
  /** All that the terminal showed. */
  readonly screen: string;
}

/**
 * Runs kmswatch on its own terminal, by util-linux, and types an answer to the first question.
 * @param env the whole environment
 */
export async function onTerminal(
  args: readonly string[],
  answer: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OnTerminal> {
  const command = [process.execPath, MAIN, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: 'pipe' });
  let screen = '';
  child.stdout.on('data', (data: Buffer) => {
    const isAsked = screen.includes('[y/N]');
    screen += data.toString();
    if (!isAsked && screen.includes('[y/N]')) child.stdin.write(`${answer}\n`);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), screen };
}
