import { readInventory } from '../inventory/read-inventory.ts';
import type { Inventory, LeftOutReason, SourceRefusal } from '../inventory/types.ts';
import { printable } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { rfc3339OfSeconds, type Seconds, seconds } from '../kernel/time.ts';
import { either } from '../kernel/words.ts';
import type { StoreFailure } from '../store/failure.ts';
import type { InventoryTaken } from '../store/inventory/inventory-part.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { takeInventory } from './take-inventory.ts';

/** What became of a list, as its sender hears it. */
export interface ListSummary {
  readonly source: string;
  readonly form: string;
  /** How old it is. */
  readonly read_at: string;
  readonly rows: number;
  readonly machines: number;
  /** Which column was taken for what, and how its dates were read. */
  readonly columns: readonly { readonly column: string; readonly meaning: string; readonly note: string | null }[];
  readonly left_out: readonly {
    readonly reason: LeftOutReason;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  /** The first of the rows that were not taken. */
  readonly rejected: readonly { readonly row: number; readonly reason: string; readonly remedy: string }[];
  readonly rejected_count: number;
  readonly warnings: readonly string[];
}

/** Why nothing of a list was taken: it is none, or the store cannot take it now. */
export type ListFailure =
  | { readonly kind: 'refused'; readonly refusal: SourceRefusal }
  | { readonly kind: 'store'; readonly failure: StoreFailure };

/** A list that has less than this share of what it had, and this many fewer, has shrunk sharply. */
const SHRUNK = 0.75;
const FEWEST = 10;
/** What a domain controller gives at once, unless it is asked for more (MaxPageSize of the LDAP policies). */
const PAGE = 1000;
/** Columns that a warning names. */
const MOST_NAMED = 3;

/**
 * Reads a list of machines or of licences into the store.
 * @param writtenAt when it was written or sent: it is as old, unless it says itself that it is newer
 */
export async function readList(
  store: StoreAccess,
  source: string,
  bytes: Uint8Array,
  { writtenAt, now }: { readonly writtenAt: Seconds; readonly now: Seconds },
): Promise<Result<ListSummary, ListFailure>> {
  const read = await readInventory(bytes, { readAt: writtenAt, now });
  if (!read.ok) return err({ kind: 'refused', refusal: read.error });
  const { machines } = read.value;
  const newest = machines.reduce((latest, { seen }) => Math.max(latest, seen ?? 0), 0);
  const readAt = seconds(Math.min(now, Math.max(writtenAt, newest)));
  const taken = await takeInventory(store, { source, readAt, machines });
  if (!taken.ok) return err({ kind: 'store', failure: taken.error });
  return ok(summaryOf(source, readAt, read.value, taken.value));
}

function summaryOf(source: string, readAt: Seconds, inventory: Inventory, taken: InventoryTaken): ListSummary {
  return {
    source,
    form: inventory.form,
    read_at: rfc3339OfSeconds(readAt),
    rows: inventory.rows,
    machines: inventory.machines.length,
    columns: inventory.columns.map(({ column, role, note }) => ({ column, meaning: role, note })),
    left_out: inventory.leftOut,
    rejected: inventory.refusals,
    rejected_count: inventory.refused,
    warnings: warningsOf(inventory, taken),
  };
}

function warningsOf({ morePages, rows, machines, otherDates }: Inventory, { before }: InventoryTaken): string[] {
  const warnings: string[] = [];
  if (otherDates.length > 0) {
    const columns = either(otherDates.slice(0, MOST_NAMED).map((name) => `'${printable(name.trim(), 32)}'`));
    warnings.push(
      `no known column says when a machine was seen, so each counts as seen when the list was written. If it is ${columns}, rename that column to 'LastSeen'`,
    );
  }
  if (morePages) warnings.push('it is a page of a longer list: send all pages as one');
  else if (rows === PAGE) warnings.push(`it has exactly ${PAGE} rows: it may be the first page of a longer list`);
  if (before !== null && machines.length < before * SHRUNK && machines.length <= before - FEWEST)
    warnings.push(
      `it has ${machines.length} machines, and had ${before}: those that are missing keep when they were last seen`,
    );
  return warnings;
}
