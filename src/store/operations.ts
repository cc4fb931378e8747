import type { DatabaseSync } from 'node:sqlite';
import type { Sighting } from '../discovery/types.ts';

/** What the writer thread can be asked to do. Each runs in a transaction of its own. */
export const OPERATIONS = { loadSightings, saveSightings };

export type Operations = typeof OPERATIONS;
export type OperationName = keyof Operations;

function loadSightings(database: DatabaseSync): readonly Sighting[] {
  const rows = database.prepare('SELECT domain, target, port, at FROM sightings').all();
  return rows.map((row) => ({
    domain: String(row.domain),
    target: String(row.target),
    port: Number(row.port),
    at: Number(row.at),
  }));
}

/** Takes the newest sighting of each record, and forgets those from before `oldest` (milliseconds since the epoch). */
function saveSightings(database: DatabaseSync, sightings: readonly Sighting[], oldest: number): void {
  database.prepare('DELETE FROM sightings WHERE at < ?').run(oldest);
  const put = database.prepare(
    `INSERT INTO sightings (domain, target, port, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
  );
  for (const { domain, target, port, at } of sightings) put.run(domain, target, port, at);
}
