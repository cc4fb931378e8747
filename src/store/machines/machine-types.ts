import type { HostName } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import type { LeaseClass } from '../../leases/types.ts';
import type { MachineJson } from '../../machines/machine-json.ts';
import type { Verdict } from '../../machines/types.ts';

/** Which machines, by name; every filter that is given must hold. */
export interface MachineQuery {
  readonly verdict?: Verdict;
  /** Seconds: those that made no request within them, or never did. */
  readonly silentFor?: Seconds;
  /** Part of a name, lower or upper case. */
  readonly client?: string;
  /** The one machine that a name means, bare or full. */
  readonly name?: string;
  /** Only those that ask a host that their domain does not publish. */
  readonly pinned?: boolean;
  /** 1 to 1000, 100 by default. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface MachinePage {
  readonly machines: readonly MachineJson[];
  readonly next_cursor: string | null;
  readonly counts: MachineCounts;
}

/** What `/metrics` says of machines. */
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
