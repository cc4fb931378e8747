import type { DatabaseSync } from 'node:sqlite';
import type { LicenceRow } from '../../inventory/types.ts';
import type { Seconds } from '../../kernel/time.ts';
import type { SelfReport } from '../../leases/types.ts';
import { LICENSE_STATUS } from '../../products/license-status.ts';
import { type MetaName, readMeta, writeMeta } from '../database/meta.ts';
import { num, query } from '../database/rows.ts';
import type { InventoryPart, InventoryTaken } from './inventory-part.ts';

/** In `meta`: counts the changes after which machines must be joined again. */
export const INVENTORY_VERSION = 'inventory' satisfies MetaName;

/** Names of the same machine beside its own that are kept. */
const MOST_NAMES = 8;

const PUT_ROW = `
INSERT INTO inventory_rows (source, machine, seen, word_at, disabled, system, other_names) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  seen = max(seen, excluded.seen),
  disabled = iif(excluded.word_at >= word_at, excluded.disabled, disabled),
  system = iif(excluded.word_at >= word_at, coalesce(excluded.system, system), system),
  other_names = iif(excluded.word_at >= word_at, excluded.other_names, other_names),
  word_at = max(word_at, excluded.word_at)`;

const PUT_WORD = `
INSERT INTO client_words (machine, activation_id, at, product, status, minutes, way, is_host_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at,
  product = coalesce(excluded.product, product), status = excluded.status, minutes = excluded.minutes,
  way = coalesce(excluded.way, way), is_host_key = excluded.is_host_key
WHERE excluded.at >= at`;

/** Called with each new report of rule 1. */
export type Hear = (machine: string, activationId: string, report: Omit<SelfReport, 'machine'>) => void;

/**
 * Takes a part of a snapshot. A machine that a snapshot no longer has keeps when it was last seen.
 * @returns undefined while more parts follow
 */
export function takeInventoryPart(database: DatabaseSync, part: InventoryPart, hear: Hear): InventoryTaken | undefined {
  const source = sourceNo(database, part.source);
  const { readAt, machines, total } = part;
  const putRow = query(database, PUT_ROW);
  const words = new ClientWords(database, hear);
  for (const { machine, otherNames, seen, disabled, system, licences } of machines) {
    const names = otherNames.length === 0 ? null : JSON.stringify(otherNames.slice(0, MOST_NAMES));
    putRow.run(source, machine, seen ?? 0, readAt, disabled ? 1 : 0, system, names);
    for (const licence of licences) words.put(machine, licence, readAt);
  }
  return total === null ? undefined : finish(database, source, readAt, total);
}

/** The words of clients about their products, newest last. */
export class ClientWords {
  readonly #word;
  readonly #report;
  readonly #hear: Hear;

  constructor(database: DatabaseSync, hear: Hear) {
    this.#hear = hear;
    this.#word = query(database, PUT_WORD);
    this.#report = query(database, 'INSERT OR IGNORE INTO client_reports VALUES (?, ?, ?, ?, ?)');
  }

  /** @param readAt how old an undated row is */
  put(machine: string, { activationId, at, ...row }: LicenceRow, readAt: Seconds): void {
    const status = row.status === null ? null : LICENSE_STATUS[row.status];
    const { product, minutesLeft, way, hostKey } = row;
    this.#word.run(machine, activationId, at ?? readAt, product, status, minutesLeft, way, hostKey ? 1 : 0);
    if (at === null || status === null || minutesLeft === null || hostKey) return;
    const isNew = this.#report.run(machine, activationId, at, status, minutesLeft) > 0;
    if (isNew) this.#hear(machine, activationId, { time: at, status, minutes: minutesLeft });
  }
}

/** Has machines joined again soon, also where that takes long. */
export function noteChange(database: DatabaseSync): void {
  writeMeta(database, INVENTORY_VERSION, String(num(readMeta(database, INVENTORY_VERSION) ?? 0) + 1));
}

/** The number of a source, which is entered if it is new. */
export function sourceNo(database: DatabaseSync, name: string): number {
  query(database, 'INSERT OR IGNORE INTO inventory_sources (name, read_at, machines) VALUES (?, 0, 0)').run(name);
  return query(database, 'SELECT id FROM inventory_sources WHERE name = ?').num(name);
}

function finish(database: DatabaseSync, source: number, readAt: Seconds, machines: number): InventoryTaken {
  const [before, newest] = query(database, 'SELECT machines, read_at FROM inventory_sources WHERE id = ?').get(
    source,
  ) ?? [0, 0];
  query(
    database,
    'UPDATE inventory_sources SET machines = iif(?2 >= read_at, ?3, machines), read_at = max(read_at, ?2) WHERE id = ?1',
  ).run(source, readAt, machines);
  noteChange(database);
  return { machines, before: num(newest) === 0 ? null : num(before) };
}
