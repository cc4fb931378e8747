import type { DatabaseSync } from 'node:sqlite';
import { ClientIds } from './ids.ts';
import { MachineNames } from './machine-names.ts';
import { SmallIds } from './small-ids.ts';

/** Everything that names have numbers in. */
export interface Names {
  readonly hosts: SmallIds;
  readonly products: SmallIds;
  readonly machines: MachineNames;
  readonly clients: ClientIds;
}

export function namesOf(database: DatabaseSync): Names {
  const machines = new MachineNames(database);
  return {
    hosts: new SmallIds(database, 'hosts'),
    products: new SmallIds(database, 'products'),
    machines,
    clients: new ClientIds(database, machines),
  };
}
