import { plainName } from '../inventory/name.ts';
import { counted } from '../kernel/words.ts';
import type { Erasure } from '../store/erasure/erasure-types.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { whoAsks } from './who-asks.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly config?: string;
  readonly yes?: boolean;
}

export const forgetCommand: AddCommand = (program, terminal, done) => {
  program
    .command('forget')
    .description('erase all that is kept of machines: names, records, leases, rows of inventories')
    .argument('<client...>', 'names of machines')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option('--yes', 'do not ask')
    .action(async (clients: readonly string[], options: Options) => {
      const work = (store: StoreAccess) => forget(store, [...new Set(clients.map(plainName))], options, terminal);
      done(await withStore(options.config, terminal, work, { create: false, logs: true }));
    });
};

async function forget(store: StoreAccess, clients: readonly string[], { yes }: Options, terminal: Terminal) {
  const plan = await store.planErasure(clients);
  if (!plan.ok) return failed(plan.error.text, terminal);
  const { machines, unknown } = plan.value;
  for (const client of unknown) terminal.error(`${client}: nothing is kept of this machine\n`);
  if (machines.length === 0) return EXIT.failed;
  terminal.out(describe(plan.value));
  if (yes !== true && !(await terminal.ask?.('Erase them for good?'))) {
    return failed(terminal.ask === undefined ? 'nothing was erased: add --yes' : 'nothing was erased', terminal);
  }
  const erased = await store.erase(clients, whoAsks(terminal));
  if (!erased.ok) return failed(erased.error.text, terminal);
  for (const { asked } of erased.value.machines) terminal.out(`erased ${asked}\n`);
  return unknown.length > 0 ? EXIT.failed : EXIT.ok;
}

function describe({ machines, records, leases, rows }: Erasure): string {
  const names = machines.map(({ names: kept }) => `  ${kept.join(', ')}\n`).join('');
  const what = [counted(records, 'record'), counted(leases, 'lease'), counted(rows, 'row')].join(', ');
  return `${counted(machines.length, 'machine')}, with ${what} of inventories and of what they said:\n${names}`;
}

function failed(text: string, terminal: Terminal): number {
  terminal.error(`${text}\n`);
  return EXIT.failed;
}
