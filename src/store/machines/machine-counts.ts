import { type HostName, hostNameOfRecord } from '../../kernel/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import { ephemeralNames } from '../../leases/duplicates.ts';
import { hasStopped } from '../../leases/migrating.ts';
import { tolerated } from '../../leases/tolerated.ts';
import type { LeaseClass } from '../../leases/types.ts';
import { type MachineTable, PINNED } from '../../machines/machine-table.ts';
import { VERDICTS, type Verdict } from '../../machines/types.ts';
import { moveAt } from '../counting/move.ts';
import { CLASSES } from '../database/numbering.ts';
import { num, query, secs, text } from '../database/rows.ts';
import { EVENTS_SOURCE } from '../inventory/inventory-part.ts';
import type { JoinContext } from './join-context.ts';
import type { KnownHosts } from './known-hosts.ts';
import type { MachineCounts, SourceCount } from './machine-types.ts';

/** Machines that a message names. */
const MOST_NAMED = 10;

const SILENT = ['not_renewing', 'never_asked'] as const satisfies readonly Verdict[];

/** Counts all machines in one pass. */
export function countMachineVerdicts(table: MachineTable, hosts: KnownHosts, context: JoinContext): MachineCounts {
  const machines = VERDICTS.map(() => 0);
  const pinned = new Map<string, number>();
  const silent = new Map<number, { machines: number; readonly names: string[] }>();
  const isEphemeral = ephemeralNames(context.settings.leases.ephemeral);
  const mayHaveMoved = whoMayHaveMoved(table, context);
  for (let row = 0; row < table.length; row++) {
    if (!table.isMachine(row)) continue;
    const verdict = table.verdict.get(row);
    machines[verdict] = (machines[verdict] ?? 0) + 1;
    if (table.has(row, PINNED)) {
      const host = hosts.nameOf(table.host.get(row));
      pinned.set(host, (pinned.get(host) ?? 0) + 1);
    }
    if (!SILENT.some((one) => VERDICTS[verdict] === one) || isEphemeral(table.names.at(row))) continue;
    if (mayHaveMoved(row)) continue;
    const key = verdict * 8 + table.cls.get(row);
    const alike = silent.get(key) ?? { machines: 0, names: [] };
    silent.set(key, alike);
    alike.machines += 1;
    if (alike.names.length < MOST_NAMED) alike.names.push(table.names.at(row));
  }
  const countOf = (verdict: Verdict): number => machines[VERDICTS.indexOf(verdict)] ?? 0;
  const all = machines.reduce((sum, count) => sum + count, 0);
  return {
    asOf: seconds(context.now),
    machines: Object.fromEntries(VERDICTS.map((verdict) => [verdict, countOf(verdict)])) as Record<Verdict, number>,
    notRenewing: [...silent].map(([key, alike]) => ({
      cls: classAt(key % 8),
      verdict: VERDICTS[Math.floor(key / 8)] === 'not_renewing' ? 'not_renewing' : 'never_asked',
      ...alike,
    })),
    tolerated: tolerated(context.settings.leases.tolerate, all - countOf('gone') - countOf('other_activation')),
    pinned: [...pinned].map(([host, count]) => ({ host: named(host), machines: count })),
    sources: sourcesOf(context),
    products: productsOf(context),
  };
}

/**
 * Which silent machines may have moved to the directory (`leases.migrating`), while nobody says how machines are
 * activated: those that fell silent since, and those that never asked, as machines that are set up meanwhile never do.
 */
function whoMayHaveMoved(table: MachineTable, { database, settings, now }: JoinContext): (row: number) => boolean {
  const move = moveAt(database, settings, now);
  if (move?.isGuessed !== true) return () => false;
  return (row) =>
    table.lastRequest.get(row) === 0 || hasStopped(table.lastRequest.get(row), now, move, settings.leases);
}

/** The columns of hosts are names that a reader of records has checked. */
function named(host: string): HostName {
  return hostNameOfRecord(host);
}

/** @param number as `MachineTable.cls` has it */
function classAt(number: number): LeaseClass {
  return CLASSES[number - 1] ?? 'unknown';
}

function sourcesOf({ database }: JoinContext): SourceCount[] {
  return query(database, 'SELECT name, read_at, machines FROM inventory_sources WHERE read_at > 0 ORDER BY name')
    .all()
    .filter(([name]) => name !== EVENTS_SOURCE)
    .map(([name, readAt, machines]) => ({ source: text(name), readAt: secs(readAt), machines: num(machines) }));
}

/** Products that activate by KMS, as machines say. */
function productsOf({ database, catalogue }: JoinContext): MachineCounts['products'] {
  return query(
    database,
    "SELECT activation_id, count(*) FROM client_words WHERE is_host_key = 0 AND way = 'kms' GROUP BY activation_id",
  )
    .all()
    .map(([id, machines]) => ({
      activationId: text(id),
      product: catalogue.nameOf(text(id)),
      machines: num(machines),
    }));
}
