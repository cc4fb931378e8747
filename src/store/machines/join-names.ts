import type { DatabaseSync } from 'node:sqlite';
import { BareNames, type Meant } from '../../leases/bare-names.ts';
import type { LeaseClass } from '../../leases/types.ts';
import type { JoinColumns } from '../../machines/join-columns.ts';
import { IN_LOG, KNOWN, type MachineTable } from '../../machines/machine-table.ts';
import { bothPresences, presenceOf } from '../../machines/presence.ts';
import { classOfSystem } from '../../machines/system-class.ts';
import type { VerdictSettings } from '../../machines/types.ts';
import { CLASSES } from '../database/numbering.ts';
import { bySlices, lastId, num, query, type Row, text } from '../database/rows.ts';

/** Rows that are read at once, and between two pauses: some milliseconds. More of them would grow the heap. */
export const SLICE = 500;

/** All names in the order of their octets: those of logs, with their number, before those of sources, with what they say. */
const NAMES = `SELECT name, 0, id, NULL, NULL, NULL FROM machines WHERE name > ?1
UNION ALL SELECT machine, source, seen, word_at, disabled, system FROM inventory_rows WHERE (machine, source) > (?1, ?2)
ORDER BY 1, 2 LIMIT ?3`;

/** Bits of `src/machines/presence.ts`. */
const PRESENCE = IN_LOG - 1;

/** Takes all names into a table, in their order; a bare name means the full one that it fits, if it fits one alone. */
export function* takeNames(
  database: DatabaseSync,
  table: MachineTable,
  columns: JoinColumns,
  settings: VerdictSettings,
): Generator<void> {
  const sources = query(database, 'SELECT id, read_at FROM inventory_sources').all();
  const readAt = new Map(sources.map(([id, at]) => [num(id), num(at)]));
  reserve(database, table, columns);
  const bareNames = new BareNames<number>();
  const mean = (meant: readonly Meant<number>[]): void => {
    for (const [bare, full] of meant) table.meant.put(bare, full + 1);
  };
  let name = '';
  let row = -1;
  let count = 0;
  for (const values of bySlices(query(database, NAMES), ['', 0], SLICE)) {
    const own = text(values[0]);
    if (row === -1 || own !== name) {
      name = own;
      row = table.add(name);
      mean(bareNames.take(name, row));
    }
    if (values[1] === 0) {
      columns.rowOfLogName.put(num(values[2]), row + 1);
      table.set(row, IN_LOG);
    } else takeListed(table, columns, row, values, readAt, settings);
    if (++count % SLICE === 0) yield;
  }
  table.names.end();
  mean(bareNames.end());
  for (let bare = 0; bare < table.length; bare++) if (table.machineOf(bare) !== bare) addBare(table, columns, bare);
}

/** Room for all of them, as columns that grow leave what they were behind. */
function reserve(database: DatabaseSync, table: MachineTable, columns: JoinColumns): void {
  const count = (table: string): number => query(database, `SELECT count(*) FROM ${table}`).num();
  const rows = count('machines') + count('inventory_rows');
  table.reserve(rows);
  columns.reserve(rows, lastId(database, 'machines'));
}

function takeListed(
  table: MachineTable,
  columns: JoinColumns,
  row: number,
  [, source, seen, wordAt, disabled, system]: Row,
  readAt: ReadonlyMap<number, number>,
  settings: VerdictSettings,
): void {
  const facts = {
    seen: num(seen),
    wordAt: num(wordAt),
    readAt: readAt.get(num(source)) ?? 0,
    disabled: disabled === 1,
  };
  addPresence(table, columns, row, presenceOf(facts, settings), facts.seen, facts.wordAt);
  if (typeof system === 'string' && table.cls.get(row) === 0) table.cls.put(row, classNumber(classOfSystem(system)));
}

/** Everything known under a bare name belongs to the machine that it means. */
function addBare(table: MachineTable, columns: JoinColumns, bare: number): void {
  const full = table.machineOf(bare);
  addPresence(table, columns, full, table.flags.get(bare), table.seen.get(bare), columns.wordAt.get(bare));
  table.set(full, table.flags.get(bare) & IN_LOG);
  if (table.cls.get(full) === 0) table.cls.put(full, table.cls.get(bare));
}

function addPresence(
  table: MachineTable,
  { wordAt }: JoinColumns,
  row: number,
  presence: number,
  seen: number,
  word: number,
): void {
  const added = presence & PRESENCE;
  if (added === 0) return;
  const both = bothPresences(table.flags.get(row) & PRESENCE, wordAt.get(row), added, word);
  table.flags.put(row, (table.flags.get(row) & ~PRESENCE) | both | KNOWN);
  table.seen.put(row, Math.max(table.seen.get(row), seen));
  wordAt.put(row, Math.max(wordAt.get(row), word));
}

/** As `MachineTable.cls` has it. */
function classNumber(cls: LeaseClass): number {
  return cls === 'unknown' ? 0 : CLASSES.indexOf(cls) + 1;
}
