import { num, query } from '../database/rows.ts';
import type { State } from '../leases/state.ts';

/** Machines that are supposed to stop asking, and the client ids that no other machine has. */
export interface Stopping {
  readonly machines: ReadonlySet<number>;
  readonly clients: ReadonlySet<number>;
}

/** @param pattern of names, bare or full, `*` for any characters; case counts for nothing */
export function stoppingOf({ database, names: { machines: known }, table }: State, pattern: string): Stopping {
  const glob = globOf(pattern);
  const named = query(database, 'SELECT id FROM machines WHERE name GLOB ? OR name GLOB ?').all(glob, `${glob}.*`);
  const machines = new Set(named.flatMap(([id]) => [num(id), ...known.variants(num(id))]));
  const clients = new Set<number>();
  const others = new Set<number>();
  for (let id = 1; id < table.length; id++) {
    if (table.isIncluded(id)) (machines.has(table.machine.get(id)) ? clients : others).add(table.client.get(id));
  }
  for (const client of others) clients.delete(client);
  return { machines, clients };
}

/** In SQLite's words, in which `?` and `[` mean something too. */
function globOf(pattern: string): string {
  return pattern.toLowerCase().replace(/[?[]/g, '[$&]');
}
