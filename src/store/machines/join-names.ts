import type { DatabaseSync } from 'node:sqlite';
import { bareNamesOf, isBare } from '../../leases/machines.ts';
import type { LeaseClass } from '../../leases/types.ts';
import type { JoinColumns } from '../../machines/join-columns.ts';
import { IN_LOG, KNOWN, type MachineTable } from '../../machines/machine-table.ts';
import { bothPresences, presenceOf } from '../../machines/presence.ts';
import { classOfSystem } from '../../machines/system-class.ts';
import type { VerdictSettings } from '../../machines/types.ts';
import { CLASSES } from '../database/numbering.ts';
import { num, query, type Row, text } from '../database/rows.ts';

/** Rows that are read at once, and between two pauses: some milliseconds. More of them would grow the heap. */
export const SLICE = 500;

/** Rows are read by slices: one at a time they cost three times as much. */
const LOGGED = 'SELECT name, id FROM machines WHERE name > ? ORDER BY name LIMIT ?';
const LISTED = `SELECT machine, source, seen, word_at, disabled, system FROM inventory_rows
WHERE (machine, source) > (?, ?) ORDER BY machine, source LIMIT ?`;

const ASCII = /^[\x20-\x7e]*$/;

/** Bits of `src/machines/presence.ts`. */
const PRESENCE = IN_LOG - 1;

/** A bare name that the present one begins with, and how many full ones it fits. */
interface Beginning {
  readonly name: string;
  readonly row: number;
  fits: number;
}

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
  let beginnings: Beginning[] = [];
  let name = '';
  let row = -1;
  let count = 0;
  for (const [logged, listed] of inOrder(loggedNames(database), listedRows(database))) {
    const own = text((listed ?? logged)?.[0]);
    if (row === -1 || own !== name) {
      name = own;
      row = table.add(name);
      beginnings = meant(table, name, row, beginnings);
    }
    if (logged !== undefined) {
      columns.rowOfLogName.put(num(logged[1]), row + 1);
      table.set(row, IN_LOG);
    }
    if (listed !== undefined) takeListed(table, columns, row, listed, readAt, settings);
    if (++count % SLICE === 0) yield;
  }
  table.names.end();
  for (let bare = 0; bare < table.length; bare++) if (table.machineOf(bare) !== bare) addBare(table, columns, bare);
}

/** Room for all of them, as columns that grow leave what they were behind. */
function reserve(database: DatabaseSync, table: MachineTable, columns: JoinColumns): void {
  const [logged, last] = query(database, 'SELECT count(*), coalesce(max(id), 0) FROM machines').get() ?? [];
  const listed = query(database, 'SELECT count(*) FROM inventory_rows').get()?.[0];
  table.reserve(num(logged) + num(listed));
  columns.reserve(num(logged) + num(listed), num(last));
}

function* loggedNames(database: DatabaseSync): Iterable<Row> {
  const slice = query(database, LOGGED);
  for (let rows = slice.all('', SLICE); rows.length > 0; rows = slice.all(text(rows.at(-1)?.[0]), SLICE)) yield* rows;
}

function* listedRows(database: DatabaseSync): Iterable<Row> {
  const slice = query(database, LISTED);
  for (let rows = slice.all('', 0, SLICE); rows.length > 0; ) {
    yield* rows;
    const [name, source] = rows.at(-1) ?? [];
    rows = slice.all(text(name), num(source), SLICE);
  }
}

/** Both in one order by their names, one of them at a time. */
function* inOrder(
  logged: Iterable<Row>,
  listed: Iterable<Row>,
): Iterable<readonly [logged: Row | undefined, listed: Row | undefined]> {
  const [a, b] = [logged[Symbol.iterator](), listed[Symbol.iterator]()];
  let [left, right] = [a.next(), b.next()];
  while (left.done !== true || right.done !== true) {
    if (right.done === true || (left.done !== true && compareNames(text(left.value[0]), text(right.value[0])) <= 0)) {
      yield [left.value, undefined];
      left = a.next();
    } else {
      yield [undefined, right.value];
      right = b.next();
    }
  }
}

/** By their octets, as the database has them in order. */
function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return ASCII.test(a) && ASCII.test(b) ? (a < b ? -1 : 1) : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** In their order, all names that begin with a bare one follow it. @returns those that the next name may begin with */
function meant(table: MachineTable, name: string, row: number, beginnings: readonly Beginning[]): Beginning[] {
  const left = beginnings.filter((one) => name.startsWith(one.name));
  if (isBare(name)) return [...left, { name, row, fits: 0 }];
  const bare = bareNamesOf(name);
  for (const one of left) {
    if (!bare.includes(one.name)) continue;
    one.fits += 1;
    table.meant.put(one.row, one.fits === 1 ? row + 1 : 0);
  }
  return left;
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
