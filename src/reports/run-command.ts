import { type ChildProcess, spawn } from 'node:child_process';
import { formatDuration } from '../kernel/duration.ts';
import { NO_SUCH_PROGRAM } from '../kernel/file-failure.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { systemPaths } from '../kernel/system-paths.ts';
import type { Millis } from '../kernel/time.ts';

/** How a command came to nothing. `timeout`: it took all of its time. */
export interface CommandFailure {
  readonly reason: 'aborted' | 'timeout' | 'failed';
  /** For people, with the end of what it wrote to standard error. */
  readonly text: string;
}

export interface CommandOptions {
  /** Milliseconds. */
  readonly timeout: Millis;
  /** Octets of its output. */
  readonly limit: number;
  /** Takes what must not be seen out of its standard error. */
  readonly redact: (text: string) => Promise<string>;
  readonly signal: AbortSignal;
}

/** Octets of standard error that are kept: more than is shown, so that a secret is not cut in two before it is found. */
const STDERR_KEPT = 16 * 1024;
const STDERR_SHOWN = 400;
/** Milliseconds for output that is on its way when the program has ended and something else holds its pipe. */
const LAST_OUTPUT = 500;

const { isWindows } = systemPaths();

type Ending = Readonly<Record<'reason', CommandFailure['reason']>> & { readonly text: string };

/**
 * Runs a program without a shell, in its own process group, and ends all of the group with it: whatever it started
 * ends when it ends, or at the deadline.
 * @param argv the program and its arguments
 * @returns its standard output, when it ended well
 */
export async function runCommand(
  argv: readonly string[],
  options: CommandOptions,
): Promise<Result<Buffer, CommandFailure>> {
  const [program = '', ...args] = argv;
  // Windows has no process groups; there `detached` would be a new window.
  const child = spawn(program, args, { detached: !isWindows, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const stderr = new Tail(STDERR_KEPT);
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = await new Promise<Result<Buffer, Ending>>((resolve) => watch(child, options, resolve));
  endGroup(child);
  child.stdout.destroy();
  child.stderr.destroy();
  if (ended.ok) return ended;
  const said = await shown(stderr.text, options.redact);
  const text = `the command ${program} ${ended.error.text}`;
  return err({ reason: ended.error.reason, text: said === '' ? text : `${text}: ${said}` });
}

function watch(
  child: ReturnType<typeof spawn> & ChildProcess,
  { timeout, limit, signal }: CommandOptions,
  resolve: (ended: Result<Buffer, Ending>) => void,
): void {
  const parts: Buffer[] = [];
  let size = 0;
  const settle = (ended: Result<Buffer, Ending>): void => {
    clearTimeout(deadline);
    clearTimeout(last);
    signal.removeEventListener('abort', abort);
    resolve(ended);
  };
  const give = (reason: Ending['reason'], text: string): void => settle(err({ reason, text }));
  const abort = (): void => give('aborted', 'was killed because the agent stopped');
  const deadline = setTimeout(() => give('timeout', `did not finish within ${formatDuration(timeout)}`), timeout);
  let last: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) give('failed', `wrote more than ${limit} bytes`);
    else parts.push(chunk);
  });
  child.once('error', (error) => give('failed', `cannot be started: ${reasonOf(error)}`));
  const finish = (code: number | null, killed: NodeJS.Signals | null): void => {
    if (killed !== null) give('failed', `was killed by ${killed}`);
    else if (code !== 0) give('failed', `exited with code ${code}`);
    else settle(ok(Buffer.concat(parts)));
  };
  child.once('exit', (code, killed) => {
    endGroup(child);
    last = setTimeout(() => finish(code, killed), LAST_OUTPUT);
  });
  child.once('close', finish);
}

/** Also when the program itself has ended: what it started may not have. */
function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined) return;
  if (isWindows) {
    // With all that it has started. Once it has ended, its number may be another one's.
    if (exitCode === null) spawn('taskkill', ['/PID', `${pid}`, '/T', '/F'], { stdio: 'ignore' }).on('error', () => {});
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // There is nobody left in it.
  }
}

function reasonOf(error: Error & { code?: string }): string {
  if (error.code === 'ENOENT') return NO_SUCH_PROGRAM;
  return error.code === 'EACCES' ? 'the user that runs kmswatch has no right to execute it' : error.message;
}

async function shown(text: string, redact: (text: string) => Promise<string>): Promise<string> {
  const clean = (await redact(text)).replace(/[\p{C}\s]+/gu, ' ').trim();
  const end = [...clean].slice(-STDERR_SHOWN).join('');
  return end.length < clean.length ? `...${end}` : end;
}

/** The last octets of a stream. */
class Tail {
  readonly #limit: number;
  #kept: Buffer = Buffer.alloc(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk.subarray(-this.#limit)]).subarray(-this.#limit);
  }

  get text(): string {
    return this.#kept.toString('utf8');
  }
}
