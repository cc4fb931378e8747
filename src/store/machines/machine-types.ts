import type { HostName } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import type { LeaseClass } from '../../leases/types.ts';
import type { MachineJson } from '../../machines/machine-json.ts';
import type { Verdict } from '../../machines/types.ts';

export interface MachinePage {
  readonly machines: readonly MachineJson[];
  readonly next_cursor: string | null;
  readonly counts: MachineCounts;
}

/** The numbers of machines in `/metrics`. */
export interface MachineCounts {
  readonly asOf: Seconds;
  readonly machines: Readonly<Record<Verdict, number>>;
  /** Of them `not_renewing` and `never_asked`, by the class of their Windows. */
  readonly notRenewing: readonly {
    readonly cls: LeaseClass;
    readonly verdict: 'not_renewing' | 'never_asked';
    readonly machines: number;
    /** The first of them by name. */
    readonly names: readonly string[];
  }[];
  readonly tolerated: number;
  /** Machines whose newest request went to a host that their domain does not publish, by that host. */
  readonly pinned: readonly { readonly host: HostName; readonly machines: number }[];
  readonly sources: readonly SourceCount[];
  /** Products that machines say they have, and that activate by KMS. */
  readonly products: readonly { readonly activationId: string; readonly product: string; readonly machines: number }[];
}

export interface SourceCount {
  readonly source: string;
  /** How old its newest snapshot is. */
  readonly readAt: Seconds;
  readonly machines: number;
}
