import type { HostName } from '../kernel/host-name.ts';
import type { Seconds } from '../kernel/time.ts';
import type { LeaseSettings, ThresholdClass } from '../leases/types.ts';

/** The state of leases depends on these and on the records. Plain data; times in seconds. */
export interface StoreSettings {
  readonly leases: LeaseSettings;
  /** How many leases get a series. */
  readonly seriesLimit: number;
  readonly thresholds: Readonly<Record<ThresholdClass, number>>;
  /** `activations.stale_after`. */
  readonly activationsStaleAfter: Seconds;
  /** `reports.stale_after`. */
  readonly reportStaleAfter: Seconds;
  /** `store.history`. */
  readonly history: Seconds;
  /** The user's own names of products. */
  readonly products: readonly { readonly activationId: string; readonly name: string; readonly cls: ThresholdClass }[];
  /** The classes that hosts serve, by their canonical name, if that is configured. */
  readonly serves: Readonly<Record<string, readonly ThresholdClass[]>>;
  /** The configured hosts, by their one name. */
  readonly hosts: readonly HostName[];
  /** Seconds: a machine that a source saw within `alive` is alive, one that none saw within `gone` is gone. */
  readonly inventory: { readonly alive: Seconds; readonly gone: Seconds };
  /** Other names of hosts, lower case, to their one name. */
  readonly aliases: Readonly<Record<string, HostName>>;
}

/** Raised if the rules of derivation change, so that an older database is derived again. */
const RULES = 3;

/**
 * The settings that the stored state of leases was derived with: if they differ, it is derived again. Each product also has the
 * class that it was derived with.
 */
export function derivationOf({ leases, reportStaleAfter, aliases }: StoreSettings): string {
  const { validity, activationInterval, forgetAfter, ephemeral } = leases;
  // A lease that was forgotten returns with the configuration that keeps it, as its records are there.
  return JSON.stringify({
    rules: RULES,
    ...{ validity, activationInterval, forgetAfter, ephemeral, reportStaleAfter, aliases },
  });
}
