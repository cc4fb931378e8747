import { somethingHangs } from '../config/patiently.ts';
import { exitAtOnce } from './exit-at-once.ts';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const code = await runProgram(process.argv.slice(2), processTerminal);
// A pipe takes what it has room for, and the rest when its reader has read.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise((resolve) => stream.write('', resolve));
}
// Left to end by itself, Node stops catching signals while it puts its parts away: the second SIGINT of a Ctrl-C, which
// npm hands on to its child, would then kill a process that has already ended well.
if (somethingHangs()) exitAtOnce();
process.exit(code);
