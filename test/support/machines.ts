import type { InventoryMachine, LicenceRow } from '../../src/inventory/types.ts';
import { seconds } from '../../src/kernel/time.ts';
import type { LeaseClass } from '../../src/leases/types.ts';
import type { MachineCounts } from '../../src/store/machines/machine-types.ts';

/** What machines say they have. */
export const LTSC_2024 = {
  activationId: '72e9faa7-ead1-4f3d-9f6e-3abc090a81d7',
  product: 'Access LTSC 2024',
  machines: 3,
};

/** A machine as a list has it. */
export function listedMachine(facts: Partial<InventoryMachine> = {}): InventoryMachine {
  return {
    ...{ machine: 'ws1.corp.test', otherNames: [], system: null, seen: null, disabled: false },
    ...{ licences: [], ...facts },
  };
}

/** The word of a machine that it is licensed for Windows Pro by KMS. */
export function licenceRow(facts: Partial<LicenceRow> = {}): LicenceRow {
  return {
    ...{ activationId: '2de67392-b7a7-462a-b1ca-108dd189f588', product: null, status: 'licensed', minutesLeft: 1000 },
    ...{ way: 'kms', hostKey: false, configuredHost: null, discoveredHost: null, at: seconds(50), ...facts },
  };
}

/** Some machines, two of which are tolerated. */
export function machineCounts(changes: Partial<MachineCounts>): MachineCounts {
  return {
    asOf: seconds(0),
    machines: {
      ...{ gone: 1, other_activation: 2, failing: 0, lapsed: 0, not_renewing: 0, never_asked: 0 },
      ...{ renewing: 40, unknown: 3 },
    },
    ...{ notRenewing: [], tolerated: 2, pinned: [], sources: [], products: [] },
    ...changes,
  };
}

/** Machines that never asked. */
export function silentMachines(machines: number, cls: LeaseClass = 'client'): MachineCounts['notRenewing'][number] {
  return {
    cls,
    verdict: 'never_asked',
    machines,
    names: ['ws-1.corp.example', 'ws-2.corp.example'].slice(0, machines),
  };
}
