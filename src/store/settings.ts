import type { Config } from '../config/schema.ts';
import { inSeconds, type Seconds, seconds } from '../kernel/time.ts';
import { leaseSettings } from '../leases/settings.ts';
import type { LeaseSettings, ThresholdClass } from '../leases/types.ts';

/** What the state of leases depends on beside the records. Plain data; times in seconds. */
export interface StoreSettings {
  readonly leases: LeaseSettings;
  /** Leases that get a series of their own. */
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
  /** Other names of hosts, lower case, to their one name. */
  readonly aliases: Readonly<Record<string, string>>;
}

export function storeSettings(config: Config): StoreSettings {
  return {
    leases: leaseSettings(config.leases),
    seriesLimit: config.leases.series_limit,
    thresholds: config.thresholds,
    activationsStaleAfter: seconds(Math.round(inSeconds(config.activations.stale_after))),
    reportStaleAfter: seconds(Math.round(inSeconds(config.reports.stale_after))),
    history: seconds(Math.round(inSeconds(config.store.history))),
    products: config.products.map(({ activation_id, name, class: cls }) => ({
      activationId: activation_id,
      name,
      cls,
    })),
    aliases: Object.fromEntries(config.hosts.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name]))),
  };
}

/** Raised when the rules of derivation change, so that an older database is derived again. */
const RULES = 2;

/**
 * What the stored state of leases was derived with: where it differs, the state is derived again. Beside it, each product
 * has the class that it was derived with.
 */
export function derivationOf({ leases, reportStaleAfter, aliases }: StoreSettings): string {
  const { validity, activationInterval } = leases;
  return JSON.stringify({ rules: RULES, validity, activationInterval, reportStaleAfter, aliases });
}
