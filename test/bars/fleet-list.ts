import type { ListedMachine } from '../../src/demo/fleet/machine.ts';
import { PRODUCTS } from '../../src/demo/fleet/products.ts';
import type { InventoryMachine, LicenceRow } from '../../src/inventory/types.ts';
import { type Seconds, seconds } from '../../src/kernel/time.ts';
import { licenceRow, listedMachine } from '../support/machines.ts';

/** A simulated machine as a list has it. @param words whether it says how it is activated */
export function listed({ name, seen, moved, products }: ListedMachine, words: boolean): InventoryMachine {
  const at = moved === undefined || !words ? undefined : seconds(moved);
  const licences = at === undefined ? [] : products.map((product) => byDirectory(PRODUCTS[product].activationId, at));
  return listedMachine({ machine: name, seen: seconds(seen), licences });
}

function byDirectory(activationId: string, at: Seconds): LicenceRow {
  return licenceRow({ activationId, way: 'directory', minutesLeft: null, at });
}
