import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

// Left to end by itself, Node stops catching signals while it puts its parts away: the second SIGINT of a Ctrl-C, which
// npm hands on to its child, would then kill a process that has already ended well. Results are written by now, as
// writing to files, terminals and (but on Windows) pipes is synchronous.
process.exit(await runProgram(process.argv.slice(2), processTerminal));
