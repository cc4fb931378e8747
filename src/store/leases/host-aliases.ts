import type { DatabaseSync } from 'node:sqlite';
import { num, query } from '../database/rows.ts';
import { transaction } from '../database/transaction.ts';
import type { NameIds } from '../history/name-ids.ts';
import type { StoreSettings } from '../settings.ts';

/** Records that are looked at without a pause. */
const SLICE = 20_000;

/**
 * Gives every record the host that its name means by the aliases of today. A record that is then known twice is deleted.
 * @param names of the writer, which then knows the host of every alias
 * @returns a generator that pauses outside of transactions
 */
export function* replaceAliases(database: DatabaseSync, names: NameIds, { aliases }: StoreSettings): Generator<void> {
  const hosts = hostsByName(names, aliases);
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
function hostsByName(hosts: NameIds, aliases: StoreSettings['aliases']): ReadonlyMap<number, number> {
  return new Map([...hosts.entries()].map(([no, name]) => [no, hosts.no(aliases[name] ?? name)]));
}

function replaceInNotices(database: DatabaseSync, hosts: ReadonlyMap<number, number>): void {
  const move = query(database, 'UPDATE OR IGNORE notices SET host = ? WHERE named_host = ? AND host <> ?');
  const remove = query(database, 'DELETE FROM notices WHERE named_host = ? AND host <> ?');
  for (const [named, host] of hosts) {
    move.run(host, named, host);
    remove.run(named, host);
  }
}
