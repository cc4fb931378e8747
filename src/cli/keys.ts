import { Option } from 'commander';
import { columns } from '../kernel/columns.ts';
import { keysJson } from '../products/key-json.ts';
import { type KeysAndProducts, type KeyTableRow, keyTable, withoutReport } from '../products/key-table.ts';
import { planWords } from '../products/key-words.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { EXIT } from './exit-codes.ts';
import { tellReading } from './tell-reading.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly config?: string;
  readonly product?: string;
  readonly format: 'table' | 'json';
}

export const keysCommand: AddCommand = (program, terminal, done) => {
  program
    .command('keys')
    .description('show which KMS host key each product needs, which hosts have it, and which can take it')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option('--product <product>', 'only these: part of a name or release; finds products that nobody asks for yet too')
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .action(async (options: Options) =>
      done(await withStore(options.config, terminal, (store) => show(store, options, terminal))),
    );
};

async function show(store: StoreAccess, { product, format }: Options, terminal: Terminal): Promise<number> {
  await tellReading(store, terminal);
  const known = await store.keys();
  if (!known.ok) {
    terminal.error(`${known.error.text}\n`);
    return EXIT.failed;
  }
  const rows = keyTable(known.value, product);
  if (format === 'json') terminal.out(`${JSON.stringify(keysJson(known.value, rows), undefined, 2)}\n`);
  else terminal.out(tableOf(known.value, rows, product));
  return EXIT.ok;
}

function tableOf(known: KeysAndProducts, rows: readonly KeyTableRow[], wanted: string | undefined): string {
  const unreported = withoutReport(known);
  const lines = [
    ...known.hosts.map(hostLine),
    ...unreported.map((host) => `${host}: has reported no keys, so its log alone is known`),
    ...(known.hosts.length === 0 || unreported.length > 0 ? [missing(known)] : []),
    '',
    ...(rows.length === 0 ? [nothing(wanted)] : columns([['PRODUCT', 'HOST', 'KEY'], ...rows.flatMap(productLines)])),
  ];
  return `${lines.join('\n')}\n`;
}

function missing({ hosts }: KeysAndProducts): string {
  const which = hosts.length === 0 ? 'No host has reported its keys yet' : 'These hosts report nothing';
  return `${which}: docs/windows.md says how to set up a report.`;
}

function hostLine({ host, os, keys }: KeysAndProducts['hosts'][number]): string {
  const names = keys.map(({ product, licensed }) => (licensed ? product : `${product} (not activated)`));
  return `${host} (${os ?? 'system not known'}): ${names.length === 0 ? 'no KMS host key' : names.join(', ')}`;
}

function nothing(wanted: string | undefined): string {
  if (wanted === undefined)
    return 'No client has asked for a product in the last 30 days. With --product, others are shown too.';
  return `No product is called like ${wanted}. Try a release, for example "LTSC 2024" or "Server 2025".`;
}

function productLines({ product, asked, note, plans }: KeyTableRow): readonly (readonly string[])[] {
  const name = asked ? product : `${product} (not asked for)`;
  if (note !== undefined) return [[name, '-', note]];
  return plans.map((plan, index) => [index === 0 ? name : '', plan.host, planWords(plan)]);
}
