import { readFile } from 'node:fs/promises';
import { foldMachineName } from '../activations/machine-name.ts';
import type { Config } from '../config/schema.ts';
import { plainName } from '../inventory/name.ts';
import { readNames } from '../inventory/read-names.ts';
import { formatDuration } from '../kernel/duration.ts';
import { fileFailure } from '../kernel/file-failure.ts';
import { inMillis, type Seconds } from '../kernel/time.ts';
import { counted } from '../kernel/words.ts';
import type { Retired, RetirementPlan, StoreAccess, Stored } from '../store/store-types.ts';
import type { AddCommand } from './add-command.ts';
import { durationOption } from './duration-option.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';
import { whoAsks } from './who-asks.ts';
import { withStore } from './with-store.ts';

const NOTHING = 'nothing to retire: no machine was silent for that long, or those that were are retired already\n';
const NAMELESS =
  'give the names of machines to retire, a file of names (--from), a time of silence (--silent-for), or --gone\n';

/** More machines than these, or than this share of the estate, are not retired without a second thought. */
const MANY = 20;
const LARGE_SHARE = 1 / 20;

interface Options {
  readonly config?: string;
  readonly from?: string;
  readonly silentFor?: Seconds;
  readonly gone?: boolean;
  readonly undo?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export const retireCommand: AddCommand = (program, terminal, done) => {
  program
    .command('retire')
    .description('mark machines as decommissioned: their leases do not count until they ask again')
    .argument('[client...]', 'names of machines')
    .option('--config <file>', 'configuration file; default: /etc/kmswatch/kmswatch.yml if it exists')
    .option(
      '--from <file>',
      'a file of names, one per line, or a list as import reads it (CSV, JSON); - reads standard input',
    )
    .option(
      '--silent-for <duration>',
      'every machine that has not asked for this time, for example 200d; less than leases.validity needs --force',
      durationOption,
    )
    .option('--gone', 'every machine that is gone by lists of machines (kmswatch machines --verdict gone)')
    .option('--undo', 'take the retirement of these machines back')
    .option('--force', 'retire machines whose leases may still run')
    .option('--yes', 'do not ask, however many machines there are')
    .option('--dry-run', 'only say what would be retired, or taken back')
    .action(async (clients: readonly string[], options: Options) => {
      const work = (store: StoreAccess, config: Config) => act(store, config, { clients, options, terminal });
      done(await withStore(options.config, terminal, work, { create: false, logs: true }));
    });
};

interface Call {
  readonly clients: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
}

async function act(store: StoreAccess, config: Config, { clients, options, terminal }: Call): Promise<number> {
  const { from, silentFor, gone = false, undo = false } = options;
  const listed = from === undefined ? [] : await namesIn(from, terminal);
  if (listed === undefined) return EXIT.failed;
  const named = [...new Set([...clients.map(plainName), ...listed])];
  if (named.length === 0 && (undo || (silentFor === undefined && !gone))) {
    terminal.error(NAMELESS);
    return EXIT.badUsage;
  }
  if (undo && (silentFor !== undefined || gone)) {
    terminal.error('--undo takes names of machines, not --silent-for or --gone\n');
    return EXIT.badUsage;
  }
  if (undo && options.dryRun === true) return tell(await retiredAmong(store, named), terminal, WOULD_BE_UNDONE);
  if (undo) return tell(await store.undoRetirement(named, whoAsks(terminal)), terminal, UNDONE);
  if (silentFor !== undefined && inMillis(silentFor) < config.leases.validity && options.force !== true) {
    terminal.error(tooSoon(silentFor, config));
    return EXIT.failed;
  }
  return planAndDo(store, config, named, { clients, options, terminal });
}

/** Which of these names mean a machine that is retired. */
async function retiredAmong(store: StoreAccess, named: readonly string[]): Promise<Awaited<Stored<Retired>>> {
  const retired: string[] = [];
  const unknown: string[] = [];
  for (const name of named) {
    const told = await store.explain(name);
    if (!told.ok) return told;
    const isRetired = told.value.kind === 'seen' && told.value.retiredAt !== undefined;
    if (isRetired) retired.push(foldMachineName(name));
    else unknown.push(name);
  }
  return { ok: true, value: { retired, unknown } };
}

async function planAndDo(store: StoreAccess, config: Config, named: readonly string[], call: Call): Promise<number> {
  const { options, terminal } = call;
  const absent = options.gone === true ? await goneMachines(store) : [];
  if (typeof absent === 'string') {
    terminal.error(`${absent}\n`);
    return EXIT.failed;
  }
  const names = [...named, ...absent];
  if (names.length === 0 && options.silentFor === undefined) {
    terminal.out('nothing to retire: no machine that is gone has a lease\n');
    return EXIT.ok;
  }
  const plan = await store.planRetirement(names, options.silentFor ?? null);
  if (!plan.ok) return tell(plan, terminal, DONE);
  return carryOut(store, plan.value, call, config);
}

/** The machines that are gone and still have leases that count. @returns their names, or why they are not known */
async function goneMachines(store: StoreAccess): Promise<readonly string[] | string> {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.machines({ verdict: 'gone', limit: 1000, ...(cursor !== null && { cursor }) });
    if (!page.ok) return page.error.text;
    const asked = page.value.machines.filter(
      ({ last_request, products }) => last_request !== null && products.length > 0,
    );
    names.push(...asked.map(({ machine }) => machine));
    cursor = page.value.next_cursor;
  } while (cursor !== null);
  return names;
}

async function carryOut(
  store: StoreAccess,
  plan: RetirementPlan,
  { options, terminal }: Call,
  config: Config,
): Promise<number> {
  const { names, unknown } = plan;
  if (names.length === 0 && unknown.length === 0) {
    terminal.out(NOTHING);
    return EXIT.ok;
  }
  if (names.length > 0) terminal.out(`${describe(plan, formatDuration(config.leases.warn))}\n`);
  if (options.dryRun === true) {
    for (const name of names) terminal.out(`would retire ${name}\n`);
    return tell({ ok: true, value: { retired: [], unknown } }, terminal, DONE);
  }
  if (isLarge(plan) && options.yes !== true && !(await terminal.ask?.('Retire them?'))) {
    terminal.error(
      terminal.ask === undefined ? 'nothing was retired: these are many, so add --yes\n' : 'nothing was retired\n',
    );
    return EXIT.failed;
  }
  return tell(await store.retire([...names, ...unknown], whoAsks(terminal)), terminal, DONE);
}

function describe({ names, leases, lapses, estate }: RetirementPlan, warn: string): string {
  const lapsing = `${lapses} of them lapsed or within ${warn} of their end`;
  return `${counted(names.length, 'machine')} of ${estate}, with ${counted(leases, 'lease')}, ${lapsing}`;
}

/** One machine that somebody names is no mistake, however small the estate is. */
function isLarge({ names, estate }: RetirementPlan): boolean {
  return names.length > MANY || (names.length > 1 && names.length > estate * LARGE_SHARE);
}

const DONE = { verb: 'retired', unknown: 'no log has a request from this machine' };
const WOULD_BE_UNDONE = { verb: 'would take back the retirement of', unknown: 'this machine is not retired' };
const UNDONE = { verb: 'no longer retired:', unknown: 'this machine is not retired' };

/** @returns the exit code */
function tell(result: Awaited<Stored<Retired>> | Failed, terminal: Terminal, words: typeof DONE): number {
  if (!result.ok) {
    terminal.error(`${result.error.text}\n`);
    return EXIT.failed;
  }
  for (const name of result.value.retired) terminal.out(`${words.verb} ${name}\n`);
  for (const name of result.value.unknown) terminal.error(`${name}: ${words.unknown}\n`);
  return result.value.unknown.length > 0 ? EXIT.failed : EXIT.ok;
}

type Failed = Extract<Awaited<Stored<RetirementPlan>>, { ok: false }>;

function tooSoon(silentFor: Seconds, { leases }: Config): string {
  const [silence, validity] = [inMillis(silentFor), leases.validity].map(formatDuration);
  return (
    `--silent-for ${silence} is shorter than a lease (${validity}): a machine that asked ${silence} ago may still be ` +
    `activated, and switched off for a while. Use --silent-for ${validity} or more, or add --force\n`
  );
}

/** @returns the names of a file; undefined if there are none to be had, which was said */
async function namesIn(file: string, terminal: Terminal): Promise<readonly string[] | undefined> {
  try {
    const read = await readNames(await readFile(file === '-' ? '/dev/stdin' : file));
    if (!read.ok) {
      terminal.error(`${file}: ${read.error.reason}; ${read.error.remedy}\n`);
      return undefined;
    }
    const { names, refused } = read.value;
    for (const { row, reason, remedy } of refused) terminal.error(`${file}: row ${row}: ${reason}; ${remedy}\n`);
    // A file with a mistake in it may be another one than somebody thinks.
    return refused.length === 0 ? names : undefined;
  } catch (error) {
    terminal.error(`${file}: ${fileFailure(error)}\n`);
    return undefined;
  }
}
