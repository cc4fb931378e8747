import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../src/kernel/time.ts';
import { Catalogue } from '../../src/store/history/catalogue.ts';
import { namesOf } from '../../src/store/history/names.ts';
import { readOfficeProducts } from '../../src/store/history/office-products.ts';
import { JoinColumns } from '../../src/store/machines/join-columns.ts';
import { countMachineVerdicts } from '../../src/store/machines/machine-counts.ts';
import { MachineJoin } from '../../src/store/machines/machine-join.ts';
import { MachineTable } from '../../src/store/machines/machine-table.ts';
import type { MachineCounts } from '../../src/store/machines/machine-types.ts';
import type { StoreSettings } from '../../src/store/settings.ts';

/** The machines of a database, joined and counted as the agent's reader does it. */
export function joinMachines(database: DatabaseSync, settings: StoreSettings, now: Seconds): MachineCounts {
  const catalogue = new Catalogue(settings);
  catalogue.inferOffice(readOfficeProducts(database));
  const context = { database, names: namesOf(database), catalogue, settings, now };
  const join = new MachineJoin(context, new MachineTable(), new JoinColumns(), undefined);
  for (const _ of join.run());
  return countMachineVerdicts(join.table, join.hosts, context);
}
