import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../kernel/time.ts';
import { DIRECTORY, type HowMoved, hasStopped } from '../../leases/migrating.ts';
import type { Migrating } from '../../leases/types.ts';
import { num, query } from '../database/rows.ts';
import { type DirectoryWords, directoryWords, productKey } from '../inventory/directory-words.ts';
import type { StoreSettings } from '../settings.ts';

/** The move of `leases.migrating` at a moment: which machines have moved, by the facts of their leases. */
export interface Move extends Migrating {
  /** Nobody says how machines are activated, so silence has to do. */
  readonly isGuessed: boolean;
  /** Empty for a move to a host. */
  readonly told: DirectoryWords['directory'];
  /** @param host of the last request of a lease @param machine the number of its name @param last time of that request */
  readonly how: (host: number, machine: number, last: number, product: number) => HowMoved;
}

/** @returns undefined while nothing moves */
export function moveAt(
  database: DatabaseSync,
  { leases, aliases }: Pick<StoreSettings, 'leases' | 'aliases'>,
  now: Seconds,
): Move | undefined {
  const { migrating } = leases;
  if (migrating === undefined || now < migrating.since) return undefined;
  if (migrating.to !== DIRECTORY) {
    const row = query(database, 'SELECT id FROM hosts WHERE name = ?').get(aliases[migrating.to] ?? migrating.to);
    const to = row === undefined ? -1 : num(row[0]);
    return { ...migrating, isGuessed: false, told: new Map(), how: (host) => (host === to ? 'asks' : undefined) };
  }
  const { directory: told, kms } = directoryWords(database, now);
  if (told.size === 0) {
    const how = (_host: number, _machine: number, last: number): HowMoved =>
      hasStopped(last, now, migrating, leases) ? 'silent' : undefined;
    return { ...migrating, isGuessed: true, told, how };
  }
  // Who asks a host after it said so renews here again; and a product of which it says so itself renews here still.
  const says = (machine: number, last: number, product: number): boolean =>
    (told.get(machine) ?? -1) >= last && (kms.get(productKey(machine, product)) ?? -1) < last;
  return {
    ...migrating,
    isGuessed: false,
    told,
    how: (_, machine, last, product) => (says(machine, last, product) ? 'told' : undefined),
  };
}
