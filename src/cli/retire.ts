import { readFile } from 'node:fs/promises';
import type { Seconds } from '../kernel/time.ts';
import type { Retired, StoreAccess, Stored } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { durationOption } from './duration-option.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

const NOTHING = 'nothing to retire: every machine that was silent for that long is already retired\n';

interface Options {
  readonly config?: string;
  readonly from?: string;
  readonly silentFor?: Seconds;
}

export const retireCommand: AddCommand = (program, terminal, done) => {
  program
    .command('retire')
    .description('mark machines as decommissioned: their leases do not count until they ask again')
    .argument('[client...]', 'names of machines')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option('--from <file>', 'a file with one name per line; - reads standard input')
    .option(
      '--silent-for <duration>',
      'every machine that has not asked for this time, for example 90d',
      durationOption,
    )
    .action(async (clients: readonly string[], options: Options) => {
      done(await withStore(options.config, terminal, (store) => retire(store, clients, options, terminal)));
    });
};

async function retire(
  store: StoreAccess,
  clients: readonly string[],
  { from, silentFor }: Options,
  terminal: Terminal,
): Promise<number> {
  const listed = from === undefined ? [] : await namesIn(from);
  if (typeof listed === 'string') {
    terminal.error(`${from}: ${listed}\n`);
    return EXIT.failed;
  }
  const names = [...clients, ...listed];
  if (names.length === 0 && silentFor === undefined) {
    terminal.error(
      'give the names of machines to retire, a file of names (--from), or a time of silence (--silent-for)\n',
    );
    return EXIT.badUsage;
  }
  const results = [
    ...(names.length > 0 ? [await store.retire(names)] : []),
    ...(silentFor === undefined ? [] : [await store.retireSilent(silentFor)]),
  ];
  if (names.length === 0 && isEmpty(results)) terminal.out(NOTHING);
  return Math.max(...results.map((result) => tell(result, terminal)));
}

/** @returns the exit code */
function tell(result: Awaited<Stored<Retired>>, terminal: Terminal): number {
  if (!result.ok) {
    terminal.error(`${result.error.text}\n`);
    return EXIT.failed;
  }
  for (const name of result.value.retired) terminal.out(`retired ${name}\n`);
  for (const name of result.value.unknown) terminal.error(`${name}: no log has a request from this machine\n`);
  return result.value.unknown.length > 0 ? EXIT.failed : EXIT.ok;
}

function isEmpty(results: readonly Awaited<Stored<Retired>>[]): boolean {
  return results.every((result) => result.ok && result.value.retired.length === 0);
}

/** A name a line; empty lines and what follows a # count for nothing. @returns the names, or why there are none */
async function namesIn(file: string): Promise<readonly string[] | string> {
  try {
    return namesOf(await readFile(file === '-' ? '/dev/stdin' : file, 'utf8'));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function namesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
