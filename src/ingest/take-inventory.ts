import { setImmediate as turn } from 'node:timers/promises';
import type { InventoryMachine } from '../inventory/types.ts';
import { ok } from '../kernel/result.ts';
import type { Seconds } from '../kernel/time.ts';
import type { InventoryTaken } from '../store/inventory/inventory-part.ts';
import type { StoreAccess, Stored } from '../store/store-types.ts';

/** What a source says at one moment. */
export interface InventorySnapshot {
  /** `directory`, `http`, or a file's name. */
  readonly source: string;
  /** How old it is. */
  readonly readAt: Seconds;
  /** Each machine once. */
  readonly machines: readonly InventoryMachine[];
}

/** Machines that share a commit, so that senders of records wait some milliseconds at most. */
const PART = 1000;

/** Hands a snapshot to the store, in parts. @returns once all of it is on disk */
export async function takeInventory(
  store: Pick<StoreAccess, 'takeInventoryPart'>,
  { source, readAt, machines }: InventorySnapshot,
) {
  return inParts(machines, (part, total) => store.takeInventoryPart({ source, readAt, machines: part, total }));
}

async function inParts(
  machines: readonly InventoryMachine[],
  take: (part: readonly InventoryMachine[], total: number | null) => Stored<InventoryTaken | null>,
): Stored<InventoryTaken> {
  for (let at = 0; ; at += PART) {
    const isLast = at + PART >= machines.length;
    const taken = await take(machines.slice(at, at + PART), isLast ? machines.length : null);
    if (!taken.ok) return taken;
    if (isLast) return ok(taken.value ?? { machines: machines.length, before: null });
    await turn();
  }
}
