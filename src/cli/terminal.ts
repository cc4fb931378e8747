import { isatty, type WriteStream } from 'node:tty';
import { EXIT, STATUS } from './exit-codes.ts';

/** The only way for a command to print: results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** True if results go to a terminal with colours and NO_COLOR is not set (https://no-color.org). */
  readonly color: boolean;
  /** True when errors go to a terminal, where a line can be drawn again. */
  readonly interactive: boolean;
  /** Asks a question that is answered by yes or no; undefined when nobody is there to answer. */
  readonly ask?: ((question: string) => Promise<boolean>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether nobody reads what was given to `error`, so that more would only fill the memory. */
  readonly isClogged?: () => boolean;
}

/** Its file descriptor. */
const STDIN = 0;

/** Bytes that may wait for the reader of standard error. */
const MOST_WAITING = 1024 * 1024;

// `kmswatch leases | head` closes the pipe before everything is written, and that is all right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  processTerminal.error(`the output cannot be written: ${error.message}\n`);
  // A monitoring system reads the 1 of a `check` as WARNING, and nobody can read what it found.
  process.exit(process.argv[2] === 'check' ? STATUS.UNKNOWN : EXIT.failed);
});
// Its disk may be full, or its reader may have ended: nobody is left to tell, and the agent keeps watching.
process.stderr.on('error', () => {});

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  color: showsColors(process.stdout),
  interactive: process.stderr.isTTY === true,
  // Not by process.stdin: a look at it makes it, with all that reads from it.
  ask: isatty(STDIN) && process.stderr.isTTY === true ? ask : undefined,
  env: process.env,
  isClogged: () => process.stderr.writableLength > MOST_WAITING,
};

async function ask(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function showsColors(stream: Partial<WriteStream>): boolean {
  return stream.isTTY === true && (stream.hasColors?.() ?? false) && !process.env['NO_COLOR'];
}
