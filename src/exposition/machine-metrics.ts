import { uncoveredProducts } from '../estate/uncovered-products.ts';
import { LEASE_CLASSES } from '../leases/types.ts';
import { VERDICTS } from '../machines/types.ts';
import { flag, type Metric } from './metric.ts';

export const MACHINE_METRICS: readonly Metric[] = [
  {
    name: 'kms_machines',
    type: 'gauge',
    help: 'Machines of logs and lists by their verdict',
    labels: ['verdict'],
    samples: function* ({ logs: { machines } }) {
      if (machines === undefined) return;
      for (const verdict of VERDICTS) yield [[verdict], machines.machines[verdict]];
    },
  },
  {
    name: 'kms_machines_not_renewing',
    type: 'gauge',
    help: 'Of them, those that are alive and stopped renewing or never asked, by the class of their Windows',
    labels: ['class', 'verdict'],
    samples: function* ({ logs: { machines } }) {
      if (machines === undefined) return;
      for (const cls of LEASE_CLASSES) {
        for (const verdict of ['not_renewing', 'never_asked'] as const) {
          const found = machines.notRenewing.find((one) => one.cls === cls && one.verdict === verdict);
          yield [[cls, verdict], found?.machines ?? 0];
        }
      }
    },
  },
  {
    name: 'kms_machines_not_renewing_tolerated',
    type: 'gauge',
    help: 'Machines that may not renew without an alert, from leases.tolerate',
    labels: [],
    samples: function* ({ logs: { machines } }) {
      if (machines !== undefined) yield [[], machines.tolerated];
    },
  },
  {
    name: 'kms_clients_pinned',
    type: 'gauge',
    help: 'Machines whose newest request went to a host that their domain does not publish',
    labels: ['host'],
    samples: function* ({ logs: { machines } }) {
      for (const { host, machines: count } of machines?.pinned ?? []) yield [[host], count];
    },
  },
  {
    name: 'kms_products_not_covered',
    type: 'gauge',
    help: 'Machines that have a product by their own word that no host key covers, and that nobody has asked for in 30 days',
    labels: ['product'],
    samples: function* ({ estate, logs }) {
      for (const { product, machines } of uncoveredProducts(estate, logs)) yield [[product], machines];
    },
  },
  {
    name: 'kms_inventory_machines',
    type: 'gauge',
    help: 'Machines in the newest snapshot of the source',
    labels: ['source'],
    samples: function* ({ logs: { inventory = [] } }) {
      for (const { source, machines } of inventory) if (machines !== undefined) yield [[source], machines];
    },
  },
  {
    name: 'kms_inventory_up',
    type: 'gauge',
    help: '1 if the source could be read when it was asked last; for one that is not asked, if it has spoken lately',
    labels: ['source'],
    samples: function* ({ logs: { inventory = [] } }) {
      for (const { source, isUp } of inventory) yield [[source], flag(isUp)];
    },
  },
  {
    name: 'kms_inventory_stale',
    type: 'gauge',
    help: '1 if the source is configured and has said nothing for inventory.stale_after',
    labels: ['source'],
    samples: function* ({ logs: { inventory = [] } }) {
      for (const { source, isConfigured, isStale } of inventory) if (isConfigured) yield [[source], flag(isStale)];
    },
  },
  {
    name: 'kms_inventory_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'How old the newest snapshot of the source is: when its file was written, or when it was sent or asked',
    labels: ['source'],
    samples: function* ({ logs: { inventory = [] } }) {
      for (const { source, readAt } of inventory) if (readAt !== undefined) yield [[source], readAt];
    },
  },
];
