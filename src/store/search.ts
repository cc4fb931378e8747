import type { DatabaseSync } from 'node:sqlite';
import { num, query } from './rows.ts';

/** With more machines than this it is quicker to walk the list and look at each name. */
const MANY = 5000;
/** So many of the last trigrams are looked up: names differ most at their ends, before the domain. */
const TRIGRAMS = 3;

/** Machines whose name has a text in it; undefined when there are many, or the text is too short for the index. */
export function findMachines(database: DatabaseSync, text: string): number[] | undefined {
  const trigrams = trigramsOf(text);
  if (trigrams.length === 0) return undefined;
  const rows = query(
    database,
    `SELECT m.id FROM machine_search s JOIN machines m ON m.id = s.rowid
     WHERE s.machine_search MATCH ? AND instr(m.name, ?) > 0 LIMIT ?`,
  ).all(trigrams.slice(-TRIGRAMS).join(' AND '), text, MANY + 1);
  return rows.length > MANY ? undefined : rows.map(([id]) => num(id));
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
