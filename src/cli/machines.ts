import { Option } from 'commander';
import { columns } from '../kernel/columns.ts';
import type { Seconds } from '../kernel/time.ts';
import { machineCsvHead, machineCsvRow } from '../machines/machine-csv.ts';
import type { MachineJson } from '../machines/machine-json.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import { VERDICTS, type Verdict } from '../machines/types.ts';
import type { StoreAccess } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { durationOption } from './duration-option.ts';
import { EXIT } from './exit-codes.ts';
import { tellReading } from './tell-reading.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

const FORMATS = ['table', 'json', 'csv'] as const;

interface Options {
  readonly config?: string;
  readonly verdict?: Verdict;
  readonly silentFor?: Seconds;
  readonly client?: string;
  readonly pinned?: true;
  readonly format: (typeof FORMATS)[number];
}

/** Machines that are asked for at a time. */
const PAGE = 1000;

export const machinesCommand: AddCommand = (program, terminal, done) => {
  program
    .command('machines')
    .description('list every machine with its verdict, by name')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .addOption(new Option('--verdict <verdict>', 'only those with this verdict').choices(VERDICTS))
    .option('--silent-for <duration>', 'only those that have not asked for this time, or never', durationOption)
    .option('--client <name>', 'only those with this in their names')
    .option('--pinned', 'only those that ask a host that their domain does not publish')
    .addOption(new Option('--format <format>', 'output format').choices(FORMATS).default('table'))
    .action(async (options: Options) =>
      done(await withStore(options.config, terminal, (store) => list(store, options, terminal))),
    );
};

async function list(store: StoreAccess, options: Options, terminal: Terminal): Promise<number> {
  await tellReading(store, terminal);
  const { format, verdict, silentFor, client, pinned } = options;
  const query: MachineQuery = {
    limit: PAGE,
    ...(verdict && { verdict }),
    ...(silentFor !== undefined && { silentFor }),
    ...(client && { client }),
    ...(pinned && { pinned }),
  };
  let cursor: string | null = null;
  let isFirst = true;
  do {
    const page = await store.machines(cursor === null ? query : { ...query, cursor });
    if (!page.ok) {
      terminal.error(`${page.error.text}\n`);
      return EXIT.failed;
    }
    terminal.out(WRITERS[format](page.value.machines, isFirst));
    isFirst &&= page.value.machines.length === 0;
    cursor = page.value.next_cursor;
  } while (cursor !== null);
  terminal.out(ends(format, isFirst));
  return EXIT.ok;
}

const WRITERS: Readonly<Record<Options['format'], (machines: readonly MachineJson[], isFirst: boolean) => string>> = {
  table: (machines, isFirst) => {
    if (machines.length === 0) return '';
    const rows = machines.map((machine) => [
      machine.machine,
      machine.verdict,
      machine.last_request?.slice(0, 16).replace('T', ' ') ?? '-',
      `${machine.host ?? '-'}${machine.pinned ? ' (pinned)' : ''}`,
      newestSighting(machine),
    ]);
    const head = isFirst ? [['MACHINE', 'VERDICT', 'LAST REQUEST (UTC)', 'HOST', 'LAST SEEN']] : [];
    return `${columns([...head, ...rows]).join('\n')}\n`;
  },
  json: (machines, isFirst) => {
    const objects = machines.map((machine) => `  ${JSON.stringify(machine)}`).join(',\n');
    return objects === '' ? '' : `${isFirst ? '[\n' : ',\n'}${objects}`;
  },
  csv: (machines, isFirst) =>
    [...(isFirst ? [machineCsvHead()] : []), ...machines.map((machine) => machineCsvRow(machine))].join(''),
};

function ends(format: Options['format'], isEmpty: boolean): string {
  if (format === 'json') return isEmpty ? '[]\n' : '\n]\n';
  return format === 'table' && isEmpty ? 'No machine matches.\n' : '';
}

function newestSighting({ sources }: MachineJson): string {
  const [newest] = sources.toSorted((a, b) => (b.last_seen ?? '').localeCompare(a.last_seen ?? ''));
  if (newest === undefined) return '-';
  const day = newest.last_seen?.slice(0, 10) ?? 'never';
  return `${day} (${newest.source})${sources.some(({ disabled }) => disabled) ? ', disabled' : ''}`;
}
