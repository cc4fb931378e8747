import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { z } from 'zod';

/** A part of a bench in its own process, so that its CPU time and memory are counted separately. */
export interface Child {
  readonly pid: number;
  /** Its first message. */
  readonly answer: unknown;
  stop(): Promise<void>;
}

/** Starts a module of this folder with an input and waits for its first message. Fails if it ends before that. */
export async function startChild(module: string, input: unknown): Promise<Child> {
  const child = fork(join(import.meta.dirname, module), { execArgv: ['--expose-gc'] });
  const exit = once(child, 'exit');
  child.send(JSON.stringify(input));
  const answer = await Promise.race([
    once(child, 'message').then(([message]) => message),
    exit.then(([code, signal]) => Promise.reject(new Error(`${module} ended with ${code ?? signal}`))),
  ]);
  return {
    pid: child.pid ?? 0,
    answer,
    async stop() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Runs a module to its answer and ends it. */
export async function askChild<T>(module: string, input: unknown, schema: z.ZodType<T>): Promise<T> {
  const child = await startChild(module, input);
  await child.stop();
  return schema.parse(child.answer);
}

/** In the child: the input from the parent. */
export async function readInput<T>(schema: z.ZodType<T>): Promise<T> {
  const [message] = await once(process, 'message');
  return schema.parse(JSON.parse(message));
}

/** In the child: the answer. A child whose parent has gone ends. */
export function answer(value: object): void {
  process.once('disconnect', () => process.exit());
  process.send?.(value);
}
