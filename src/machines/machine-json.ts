import type { Verdict } from './types.ts';

/** A machine as the API, `kmswatch machines` and the pages show it. Times are RFC 3339 in UTC. */
export interface MachineJson {
  readonly machine: string;
  readonly other_names: readonly string[];
  readonly verdict: Verdict;
  /** Since when it has held, where that is known. */
  readonly since: string | null;
  readonly system: string | null;
  readonly sources: readonly MachineSource[];
  /** Of any product and result, by the logs of hosts. */
  readonly last_request: string | null;
  readonly host: string | null;
  readonly pinned: boolean;
  readonly products: readonly MachineProduct[];
  readonly duplicate: boolean;
  readonly advice: string;
}

export interface MachineSource {
  readonly source: string;
  /** Null: never. */
  readonly last_seen: string | null;
  readonly disabled: boolean;
  /** It is not in the newest snapshot of the source. */
  readonly absent: boolean;
}

export interface MachineProduct {
  readonly activation_id: string;
  readonly product: string;
  readonly verdict: Verdict;
  /** Of its lease, or the licence status by its own word. */
  readonly state: string;
  /** The way by which it says that it is activated. */
  readonly way: string | null;
  readonly expiry: string | null;
}
