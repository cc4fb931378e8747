import type { Config } from '../config/schema.ts';
import { inSeconds, seconds } from '../kernel/time.ts';
import { leaseSettings } from '../leases/settings.ts';
import type { StoreSettings } from '../store/settings.ts';

/** What the configuration means to the store. */
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
    serves: servesOf(config),
    hosts: config.hosts.map(({ name }) => name),
    inventory: {
      alive: seconds(Math.round(inSeconds(config.inventory.alive))),
      gone: seconds(Math.round(inSeconds(config.inventory.gone))),
    },
    aliases: Object.fromEntries(config.hosts.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name]))),
  };
}

/** The classes of the hosts whose configuration says what they are there for. */
export function servesOf({ hosts }: Config): StoreSettings['serves'] {
  return Object.fromEntries(hosts.flatMap(({ name, serves }) => (serves === undefined ? [] : [[name, serves]])));
}
