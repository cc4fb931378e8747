import type { DatabaseSync } from 'node:sqlite';
import type { Seconds } from '../../src/kernel/time.ts';
import { JoinColumns } from '../../src/machines/join-columns.ts';
import { MachineTable } from '../../src/machines/machine-table.ts';
import { countMachineVerdicts } from '../../src/store/machines/machine-counts.ts';
import { MachineJoin } from '../../src/store/machines/machine-join.ts';
import type { MachineCounts } from '../../src/store/machines/machine-types.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import type { StoreSettings } from '../../src/store/settings.ts';

/** The machines of a database, joined and counted as the agent's reader does it. */
export function joinMachines(database: DatabaseSync, settings: StoreSettings, now: Seconds): MachineCounts {
  const context = { ...readContext(database, settings), now };
  const join = new MachineJoin(context, new MachineTable(), new JoinColumns(), undefined);
  for (const _ of join.run());
  return countMachineVerdicts(join.table, join.hosts, context);
}
