import type { DatabaseSync } from 'node:sqlite';
import type { HostName } from '../../kernel/host-name.ts';
import { ClientIds } from './client-ids.ts';
import { MachineNames } from './machine-names.ts';
import { NameIds } from './name-ids.ts';

/** Everything that names have numbers in. */
export interface Names {
  readonly hosts: NameIds<HostName>;
  readonly products: NameIds;
  readonly machines: MachineNames;
  readonly clients: ClientIds;
}

export function namesOf(database: DatabaseSync): Names {
  const machines = new MachineNames(database);
  return {
    hosts: new NameIds<HostName>(database, 'hosts'),
    products: new NameIds(database, 'products'),
    machines,
    clients: new ClientIds(database, machines),
  };
}
