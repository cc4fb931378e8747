import type { DatabaseSync } from 'node:sqlite';
import { num, query, text } from '../database/rows.ts';
import { transaction } from '../database/transaction.ts';
import type { StoreSettings } from '../settings.ts';

/** Records that are looked at without a pause. */
const SLICE = 20_000;

/**
 * Gives every record the host that its name means by the aliases of today. A record that is then known twice is deleted.
 * @returns a generator that pauses outside of transactions
 */
export function* replaceAliases(database: DatabaseSync, { aliases }: StoreSettings): Generator<void> {
  const hosts = hostsByName(database, aliases);
  transaction(database, () => replaceInNotices(database, hosts));
  const some = query(database, 'SELECT id, host, named_host FROM records WHERE id > ? ORDER BY id LIMIT ?');
  const move = query(database, 'UPDATE OR IGNORE records SET host = ? WHERE id = ?');
  const remove = query(database, 'DELETE FROM records WHERE id = ?');
  for (let last = 0; ; ) {
    const rows = some.all(last, SLICE);
    const wrong = rows.filter(([, host, named]) => hosts.get(num(named)) !== num(host));
    transaction(database, () => {
      for (const [id, , named] of wrong) {
        if (move.run(hosts.get(num(named)) ?? 0, num(id)) === 0) remove.run(num(id));
      }
    });
    if (rows.length < SLICE) return;
    last = num(rows.at(-1)?.[0]);
    yield;
  }
}

/** The number of the host that each name means, by the number of the name. */
function hostsByName(database: DatabaseSync, aliases: StoreSettings['aliases']): ReadonlyMap<number, number> {
  const insert = query(
    database,
    'INSERT INTO hosts (name) VALUES (?) ON CONFLICT DO UPDATE SET name = name RETURNING id',
  );
  const rows = query(database, 'SELECT id, name FROM hosts').all();
  return new Map(rows.map(([id, name]) => [num(id), num(insert.get(aliases[text(name)] ?? text(name))?.[0])]));
}

function replaceInNotices(database: DatabaseSync, hosts: ReadonlyMap<number, number>): void {
  const move = query(database, 'UPDATE OR IGNORE notices SET host = ? WHERE named_host = ? AND host <> ?');
  const remove = query(database, 'DELETE FROM notices WHERE named_host = ? AND host <> ?');
  for (const [named, host] of hosts) {
    move.run(host, named, host);
    remove.run(named, host);
  }
}
