import type { InventoryMachine } from '../../inventory/types.ts';
import type { Seconds } from '../../kernel/time.ts';

/** Forwarded events of clients; beside it `directory`, `http` and the names of files. */
export const EVENTS_SOURCE = 'events';

/** A part of what a source says at one moment. The last part ends it. */
export interface InventoryPart {
  /** `directory`, `http`, or a file's name. */
  readonly source: string;
  /** How old the snapshot is. One that is older than what is known changes only what it knows better. */
  readonly readAt: Seconds;
  readonly machines: readonly InventoryMachine[];
  /** The machines of all parts; null while more parts follow. */
  readonly total: number | null;
}

/** The changes by a whole snapshot. */
export interface InventoryTaken {
  readonly machines: number;
  /** Machines of the snapshot before; null for the first of its source. */
  readonly before: number | null;
}
