import { existsSync } from 'node:fs';
import { resolveStatePath } from '../config/state-path.ts';
import { damageOf } from '../store/database/damage-of.ts';
import { openForReading, toFailure } from '../store/database/database.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { loadConfiguration } from './load-config.ts';
import { barredFrom } from './store-rights.ts';
import type { Terminal } from './terminal.ts';

const REMEDY = `A running agent saves what can be read, and keeps the damaged file as FILE.damaged; without one, start the agent.
Then have the hosts send their logs again, or import saved ones: what was lost is taken, and the rest is known.
If that does not help, stop the agent, move the file away, and restore a backup. Check the disk, too.
`;

export const storeCommand: AddCommand = (program, terminal, done) => {
  const store = program.command('store').description('check the database');
  store
    .command('check')
    .description('read the whole database, and say what is damaged and what to do; a running agent keeps running')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .action(async (options: { config?: string }) => done(await check(options.config, terminal)));
};

async function check(explicit: string | undefined, terminal: Terminal): Promise<number> {
  const loaded = await loadConfiguration(explicit);
  if (!loaded.ok) {
    terminal.error(`${loaded.error}\n`);
    return EXIT.badUsage;
  }
  const path = resolveStatePath(loaded.value.config.store.path, terminal.env);
  if (!path.ok || !existsSync(path.value) || barredFrom(path.value) !== undefined) {
    const problem = path.ok ? (barredFrom(path.value) ?? `there is no database ${path.value}`) : path.error;
    terminal.error(`${problem}\n`);
    return EXIT.failed;
  }
  const damage = damageAt(path.value);
  for (const text of damage) terminal.out(`${text}\n`);
  terminal.out(damage.length === 0 ? `${path.value}: no damage\n` : `${path.value} is damaged.\n${REMEDY}`);
  return damage.length === 0 ? EXIT.ok : EXIT.failed;
}

function damageAt(path: string): readonly string[] {
  try {
    const database = openForReading(path);
    try {
      return damageOf(database);
    } finally {
      database.close();
    }
  } catch (error) {
    return [toFailure(error, path).text];
  }
}
