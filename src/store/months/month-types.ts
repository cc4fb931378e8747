import type { Support } from '../../products/support-at.ts';

/** A month for an auditor, as JSON: times in RFC 3339, days and months in UTC. */
export interface MonthReport {
  /** `2026-10`. */
  readonly month: string;
  readonly from: string;
  readonly until: string;
  /** When it was counted; for a closed month, when it was closed. */
  readonly as_of: string;
  /** Whether it stays as it is. What came later is in `changes`. */
  readonly closed: boolean;
  readonly machines: Activity;
  readonly products: readonly ProductMonth[];
  readonly days: readonly DayMonth[];
  readonly hosts: readonly HostMonth[];
  readonly outages: readonly OutageMonth[];
  readonly changes: readonly MonthChange[];
  /** Null while nothing moves (`leases.migrating`), and in a month before the move. */
  readonly move: MonthMove | null;
}

/** How far a move is: in a closed month the figures are those of then. */
export interface MonthMove {
  /** `directory`, or the name of the new host. */
  readonly to: string;
  readonly since: string;
  readonly moved: number;
  /** Machines that still renew as before. */
  readonly left: number;
  /** Nobody says how machines are activated: those that fell silent count as moved. */
  readonly guessed: boolean;
  /** Names of those that still renew now, in a closed month too; the first 5,000 of them. */
  readonly still_renewing: readonly string[];
}

/** Machines that a host answered in the month. */
export interface Activity {
  readonly active: number;
  readonly physical: number;
  readonly virtual: number;
  /** Of those, the ones that had not asked before. */
  readonly new: number;
  /** Active in the month before and not in this one; null if nothing is known of the month before. */
  readonly gone: number | null;
  /** Machines whose lease ended in the month and was not renewed since. */
  readonly lapsed: number;
}

/** With the support at the end of the month. */
export interface ProductMonth extends Activity, Support {
  readonly product: string;
  readonly activation_id: string;
  readonly class: string;
}

export interface DayMonth {
  readonly day: string;
  /** Those that were answered, as in `Activity.active`. */
  readonly machines: number;
  readonly requests: number;
  /** Requests that were not answered with success. */
  readonly failed: number;
}

export interface HostMonth {
  readonly host: string;
  readonly os: string | null;
  readonly requests: number;
  /** Those that it answered, as in `Activity.active`. */
  readonly machines: number;
  /** By its newest report. */
  readonly keys: readonly { readonly product: string; readonly activation_id: string; readonly licensed: boolean }[];
}

export interface OutageMonth {
  /** Of the condition. */
  readonly name: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly from: string;
  /** Null: it goes on. */
  readonly until: string | null;
  /** Of the month. */
  readonly seconds: number;
}

/** A figure of a closed month that is another one by what is known now. */
export interface MonthChange {
  /** Null for the machines of all products. */
  readonly product: string | null;
  readonly figure: keyof Activity;
  readonly closed: number | null;
  readonly now: number | null;
}

/** Something that was down: a condition that fired. */
export interface Outage {
  readonly name: string;
  /** JSON of its labels. */
  readonly subject: string;
  /** Seconds since the epoch. */
  readonly since: number;
}
