import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** On a quiet machine the slowest takes 3 s. */
const READY_DEADLINE_MS = 90_000;
const READY_RETRY_MS = 50;
/** After SIGTERM; then SIGKILL. */
const STOP_DEADLINE_MS = 3_000;
const OUTPUT_KEPT = 8_000;

export interface DaemonOptions {
  /** The program and its arguments; it must stay in the foreground. */
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  /** On top of this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Asked again and again until it says true: the daemon answers, and does not just listen. A rejection counts as false. */
  readonly ready: (daemon: Daemon) => boolean | Promise<boolean>;
  /** Milliseconds until a daemon that is not ready counts as failed. */
  readonly deadline?: number;
}

export interface Daemon {
  readonly pid: number;
  /** The end of its output, on both streams. */
  output(): string;
  /** Its exit code, or the name of the signal that ended it; undefined while it runs. */
  readonly exited: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after 3 s; returns when it is gone. */
  stop(): Promise<void>;
}

/** Starts a program and waits until it is ready; the error of one that never is has the end of its output. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const daemon = watch(child);
  let end: number | string | undefined;
  void daemon.exited.then((how) => {
    end = how;
  });
  const deadline = performance.now() + (options.deadline ?? READY_DEADLINE_MS);
  while (end === undefined && performance.now() < deadline) {
    const left = wait(deadline - performance.now(), false, { ref: false });
    if (await Promise.race([isReady(options, daemon), left])) return daemon;
    await wait(READY_RETRY_MS);
  }
  const what = end === undefined ? 'was not ready in time' : `ended with ${end}`;
  await daemon.stop();
  throw new Error(`${options.command.join(' ')} ${what}. The end of its output:\n${daemon.output()}`);
}

/** True when something accepts connections there: the usual `ready` of a TCP server. */
export function accepts(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

async function isReady(options: DaemonOptions, daemon: Daemon): Promise<boolean> {
  try {
    return await options.ready(daemon);
  } catch {
    return false;
  }
}

function watch(child: ChildProcess): Daemon {
  let output = '';
  const collect = (chunk: Buffer | string): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exited = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      collect(error.message);
      resolve(error.message);
    });
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    kill: (signal) => child.kill(signal),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
