import type { DatabaseSync } from 'node:sqlite';
import type { Sighting } from '../../discovery/types.ts';
import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { type Millis, millis } from '../../kernel/time.ts';
import { num, query, text } from '../database/rows.ts';

export function loadSightings(database: DatabaseSync): readonly Sighting[] {
  return query(database, 'SELECT domain, target, port, at FROM sightings')
    .all()
    .map(([domain, target, port, at]) => ({
      domain: hostNameOfRecord(text(domain)),
      target: hostNameOfRecord(text(target)),
      port: num(port),
      at: millis(num(at)),
    }));
}

/** Takes the newest sighting of each record, and forgets those from before `oldest`. */
export function saveSightings(database: DatabaseSync, sightings: readonly Sighting[], oldest: Millis): void {
  query(database, 'DELETE FROM sightings WHERE at < ?').run(oldest);
  const put = query(
    database,
    `INSERT INTO sightings (domain, target, port, at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`,
  );
  for (const { domain, target, port, at } of sightings) put.run(domain, target, port, at);
}
