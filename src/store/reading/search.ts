import type { DatabaseSync } from 'node:sqlite';
import { num, query } from '../database/rows.ts';

/** With more machines than this it is quicker to walk the list and look at each name. */
const MANY = 3000;
/** In a sample of names, this many with a text make it one of many: as `MANY` is of a million. */
const SAMPLE = 20_000;
const MANY_OF_SAMPLE = 60;
/** Each trigram that turns out to be common has cost some milliseconds. */
const TRIES = 4;

/** Machines whose name has a text in it; undefined when there are many. */
export function findMachines(database: DatabaseSync, text: string): number[] | undefined {
  const trigrams = trigramsOf(text);
  if (trigrams.length === 0) return lookThrough(database, text);
  // Machines differ by their numbers, and at the end of their label; the domain is what all have in common.
  const likely = trigrams.toReversed().toSorted((a, b) => Number(/\d/.test(b)) - Number(/\d/.test(a)));
  const rare = likely.slice(0, TRIES).find((trigram) => isRare(database, trigram));
  const rows = query(
    database,
    `SELECT m.id FROM machine_search s CROSS JOIN machines m ON m.id = s.rowid
     WHERE s.machine_search MATCH ? AND instr(m.name, ?) > 0 LIMIT ?`,
  ).all(rare ?? trigrams.join(' AND '), text, MANY + 1);
  return rows.length > MANY ? undefined : rows.map(([id]) => num(id));
}

/** Too short for the index: what few are called is looked for through all names, which is quick, as leases are not. */
function lookThrough(database: DatabaseSync, text: string): number[] | undefined {
  const some = query(
    database,
    'SELECT count(*) FROM (SELECT name FROM machines NOT INDEXED LIMIT ?) WHERE instr(name, ?) > 0',
  ).get(SAMPLE, text);
  if (num(some?.[0] ?? 0) >= MANY_OF_SAMPLE) return undefined;
  const rows = query(database, 'SELECT id FROM machines WHERE instr(name, ?) > 0 LIMIT ?').all(text, MANY + 1);
  return rows.length > MANY ? undefined : rows.map(([id]) => num(id));
}

/** One rare trigram finds the names quicker than several common ones have their lists compared. */
function isRare(database: DatabaseSync, trigram: string): boolean {
  const names = query(database, 'SELECT rowid FROM machine_search WHERE machine_search MATCH ? LIMIT 1 OFFSET ?');
  return names.get(trigram, MANY) === undefined;
}

function trigramsOf(text: string): string[] {
  const letters = [...text];
  return letters.slice(2).map(
    (_, index) =>
      `"${letters
        .slice(index, index + 3)
        .join('')
        .replaceAll('"', '""')}"`,
  );
}
