import { Option } from 'commander';
import type { Config } from '../config/schema.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { LeaseJson } from '../leases/lease-json.ts';
import { LEASE_CLASSES, LEASE_STATES, type LeaseClass, type LeaseState } from '../leases/types.ts';
import { productNames } from '../products/product.ts';
import type { LeaseQuery } from '../store/queries.ts';
import type { StoreAccess, Stored } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { durationOption } from './duration-option.ts';
import { EXIT } from './exit-codes.ts';
import { hostOption } from './host-option.ts';
import { LEASE_FORMATS, type LeaseFormat, LeaseWriter } from './lease-formats.ts';
import { productHint } from './product-hint.ts';
import { tellReading } from './tell-reading.ts';
import type { Terminal } from './terminal.ts';
import { withStore } from './with-store.ts';

interface Options {
  readonly config?: string;
  readonly state?: LeaseState;
  readonly within?: Seconds;
  readonly silentFor?: Seconds;
  readonly product?: string;
  readonly class?: LeaseClass;
  readonly host?: HostName;
  readonly client?: string;
  readonly duplicate?: true;
  readonly format: LeaseFormat;
}

/** Leases that are asked for at a time. */
const PAGE = 1_000;

export const leasesCommand: AddCommand = (program, terminal, done) => {
  program
    .command('leases')
    .description('list leases, those that expire soonest first')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .addOption(new Option('--state <state>', 'only those in this state').choices(LEASE_STATES))
    .option('--within <duration>', 'only those that expire within this time, for example 30d', durationOption)
    .option('--silent-for <duration>', 'only those whose last request is at least as long ago', durationOption)
    .option('--product <product>', 'only those of these products: part of a name, or an activation id')
    .addOption(new Option('--class <class>', 'only those of this class').choices(LEASE_CLASSES))
    .option('--host <host>', 'only those whose last request went to this host', hostOption)
    .option('--client <name>', 'only those of machines with this in their names')
    .option('--duplicate', 'only those of client ids that several machines share, as clones do')
    .addOption(new Option('--format <format>', 'output format').choices(LEASE_FORMATS).default('table'))
    .action(async (options: Options) =>
      done(await withStore(options.config, terminal, (store, config) => list(store, config, options, terminal))),
    );
};

async function list(store: StoreAccess, config: Config, options: Options, terminal: Terminal): Promise<number> {
  await tellReading(store, terminal);
  const writer = new LeaseWriter(options.format, terminal);
  const { state, within, silentFor, product, class: cls, host, client, duplicate } = options;
  const query: LeaseQuery = {
    limit: PAGE,
    ...(state && { state }),
    ...(within !== undefined && { within }),
    ...(silentFor !== undefined && { silentFor }),
    ...(product && { product }),
    ...(cls && { cls }),
    ...(host && { host }),
    ...(client && { client }),
    ...(duplicate && { duplicate }),
  };
  let isEmpty = true;
  for await (const page of pages((cursor) => store.leases(cursor === null ? query : { ...query, cursor }))) {
    if (!Array.isArray(page)) {
      terminal.error(`${page}\n`);
      return EXIT.failed;
    }
    writer.write(page);
    isEmpty &&= page.length === 0;
  }
  writer.end();
  if (isEmpty && product !== undefined) terminal.error(productHint(product, namesOf(config)) ?? '');
  return EXIT.ok;
}

function namesOf({ products }: Config): readonly string[] {
  return [...products.map(({ name }) => name), ...productNames()];
}

/** Page by page, so that a million leases need no more memory than a thousand. @yields leases, or why there are none */
async function* pages(
  ask: (cursor: string | null) => Stored<{ leases: readonly LeaseJson[]; next_cursor: string | null }>,
): AsyncGenerator<readonly LeaseJson[] | string> {
  let cursor: string | null = null;
  do {
    const page = await ask(cursor);
    if (!page.ok) {
      yield page.error.text;
      return;
    }
    yield page.value.leases;
    cursor = page.value.next_cursor;
  } while (cursor !== null);
}
