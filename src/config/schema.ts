import type { z } from 'zod';
import { section } from './expect.ts';
import { BESIDE, refuse } from './rules.ts';
import { DiscoverySection, FOREST } from './sections/discovery.ts';
import { HostsSection } from './sections/hosts.ts';
import { InventorySection } from './sections/inventory.ts';
import { LeasesSection } from './sections/leases.ts';
import { LogSection } from './sections/log.ts';
import { NotifySection } from './sections/notify.ts';
import { ProbeSection } from './sections/probe.ts';
import { ProductsSection } from './sections/products.ts';
import { ActivationsSection, ReportsSection } from './sections/reports.ts';
import { IngestSection, StoreSection } from './sections/store.ts';
import { ThresholdsSection, WarnMarginsSection } from './sections/thresholds.ts';
import { WebSection } from './sections/web.ts';

/** The whole configuration, names as in the file; durations in milliseconds, sizes in octets. */
export const ConfigSchema = section({
  discovery: DiscoverySection,
  hosts: HostsSection,
  probe: ProbeSection,
  reports: ReportsSection,
  activations: ActivationsSection,
  thresholds: ThresholdsSection,
  warn_margins: WarnMarginsSection,
  leases: LeasesSection,
  products: ProductsSection,
  store: StoreSection,
  ingest: IngestSection,
  inventory: InventorySection,
  web: WebSection,
  notify: NotifySection,
  log: LogSection,
}).superRefine(({ discovery, inventory }, context) => {
  const domains = Array.isArray(discovery?.domains) ? discovery.domains : [];
  const index = domains.findIndex((domain?: { readonly name?: unknown }) => domain?.name === FOREST);
  if (index < 0 || inventory?.directory?.domains === true) return;
  refuse(context, ['discovery', 'domains', index], 'needs inventory.directory, with domains: it names the domains');
}, BESIDE);

export type Config = z.output<typeof ConfigSchema>;

/** The configuration of an agent without a file. */
export function defaultConfig(): Config {
  return ConfigSchema.parse({});
}
