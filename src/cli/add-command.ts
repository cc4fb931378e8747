import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Adds a command; `done` takes the exit code. */
export type AddCommand = (program: Command, terminal: Terminal, done: (code: number) => void) => void;
