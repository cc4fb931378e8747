import type { Seconds } from '../kernel/time.ts';
import type { LicenseStatus } from '../products/license-status.ts';
import type { Role } from './column-names.ts';

/** The way by which a client says that it is activated; `null` if it says nothing of it. */
export type ActivationWay =
  | 'kms'
  | 'directory'
  | 'mak'
  | 'oem'
  | 'retail'
  | 'avma'
  | 'subscription'
  | 'azure'
  | 'evaluation'
  | null;

/** One product of a machine, by the machine's own word. */
export interface LicenceRow {
  /** Lower case. */
  readonly activationId: string;
  readonly product: string | null;
  readonly status: LicenseStatus | null;
  /** Minutes until this licence runs out; `null` if the row has none. */
  readonly minutesLeft: number | null;
  readonly way: ActivationWay;
  /** True for the key of a KMS host: the machine is one itself. */
  readonly hostKey: boolean;
  /** The KMS hosts that the client has set or found, as it writes them, in lower case. */
  readonly configuredHost: string | null;
  readonly discoveredHost: string | null;
  /** When the row was read from the machine; `null` if nobody says so. */
  readonly at: Seconds | null;
}

export interface InventoryMachine {
  /** Lower case, the full name if any row had it. */
  readonly machine: string;
  readonly otherNames: readonly string[];
  /** The operating system in the words of the source. */
  readonly system: string | null;
  /** When the source last saw it; `null` if the source has dates and never did. */
  readonly seen: Seconds | null;
  readonly disabled: boolean;
  readonly licences: readonly LicenceRow[];
}

export type LeftOutReason =
  | 'not_windows'
  | 'before_vista'
  | 'cluster_name'
  | 'service_account'
  | 'not_a_machine'
  | 'no_product_key';

export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly count: number;
  /** The first few, as far as they have names that can be shown. */
  readonly examples: readonly string[];
}

export interface Refusal {
  /** Counted from the first row of data; rows with nothing in them do not count. */
  readonly row: number;
  readonly reason: string;
  readonly remedy: string;
}

/** How a column was taken. */
export interface ColumnUse {
  /** As the source writes it. */
  readonly column: string;
  readonly role: Role;
  /** For a column of dates: how they were read, and which row decided. */
  readonly note: string | null;
}

export type InventoryForm = 'csv' | 'json' | 'ndjson' | 'names';

/** A source as it was read once. */
export interface Inventory {
  readonly form: InventoryForm;
  readonly columns: readonly ColumnUse[];
  /** False if no column says when a machine was seen: then each is as old as the source itself. */
  readonly dated: boolean;
  /** Of a source that is not dated, the columns of dates whose meaning is not known. */
  readonly otherDates: readonly string[];
  /** Rows with anything in them. */
  readonly rows: number;
  readonly machines: readonly InventoryMachine[];
  readonly leftOut: readonly LeftOut[];
  readonly refused: number;
  /** The first of the refused rows, in order. */
  readonly refusals: readonly Refusal[];
  /** True if the source says itself that more pages follow. */
  readonly morePages: boolean;
}

/** Why a source as a whole cannot be read. */
export interface SourceRefusal {
  readonly reason: string;
  readonly remedy: string;
}
