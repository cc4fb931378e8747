import type { WriteStream } from 'node:tty';

/** The only way for a command to print: results go to `out`, everything else to `error`. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** True if results go to a terminal with colours and NO_COLOR is not set (https://no-color.org). */
  readonly color: boolean;
  /** True when errors go to a terminal, where a line can be drawn again. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

// `kmswatch leases | head` closes the pipe before everything is written, and that is all right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  color: showsColors(process.stdout),
  interactive: process.stderr.isTTY === true,
  env: process.env,
};

function showsColors(stream: Partial<WriteStream>): boolean {
  return stream.isTTY === true && (stream.hasColors?.() ?? false) && !process.env['NO_COLOR'];
}
