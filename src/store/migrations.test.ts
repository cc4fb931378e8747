import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { Engine } from './engine.ts';
import { LeasePages } from './lease-pages.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { namesOf } from './names.ts';
import { RECORDS_BY_ARRIVAL } from './records-by-arrival.ts';

const NOW = 1_780_000_000;
/** The last version in which records lay by client. */
const BY_CLIENT = MIGRATIONS.indexOf(RECORDS_BY_ARRIVAL);

it('keeps every record of a database in which they lay by client, in the order of time', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`${MIGRATIONS.slice(0, BY_CLIENT).join(';')}; PRAGMA user_version = ${BY_CLIENT}`);
  database.exec(`
    INSERT INTO hosts (name) VALUES ('kms01.corp.test');
    INSERT INTO products (activation_id) VALUES ('73111121-5638-40f6-bc11-f1d7b0d64300');
    INSERT INTO machines (name) VALUES ('pc1.corp.test'), ('pc2.corp.test')`);
  const client = database.prepare('INSERT INTO clients (guid, id, machine, name) VALUES (?, ?, ?, ?)');
  const record = database.prepare(
    `INSERT INTO records (client, time, host, log, record_id, named_host, product, machine, n_policy, hresult, status,
       minutes, virtual) VALUES (?, ?, 1, 1, ?, 1, 1, ?, 25, 0, 1, 249120, 0)`,
  );
  for (const no of [1, 2]) client.run(new Uint8Array(16).fill(no), no, no, `pc${no}.corp.test`);
  for (const [no, time, id] of [[2, NOW - 300, 7] as const, [1, NOW - 200, 8] as const, [1, NOW - 100, 9] as const]) {
    record.run(no, time, id, no);
  }

  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, NOW);

  const rows = database.prepare('SELECT record_id, client, minutes FROM records ORDER BY id').all();
  expect(rows.map((row) => Object.values(row))).toEqual([
    [7, 2, 249120],
    [8, 1, 249120],
    [9, 1, 249120],
  ]);
  const page = new LeasePages(database, namesOf(database), DEFAULT_SETTINGS).page({ sort: 'client', limit: 10 }, NOW);
  expect(page.ok && page.value.leases.map(({ client, last_request }) => [client, last_request])).toEqual([
    ['pc1.corp.test', new Date((NOW - 100) * 1000).toISOString().replace('.000', '')],
    ['pc2.corp.test', new Date((NOW - 300) * 1000).toISOString().replace('.000', '')],
  ]);
  expect(engine.isBehind).toBe(false);
});
