import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { ClientRecords, ofClients } from './client-records.ts';

const OF_ONE = ofClients('o.record, o.time', 'o.client = 7', 'ORDER BY o.time');

/** A store with records of so many clients, one each, and one more of client 7. */
function recordsOf(clients: number) {
  const database = memoryDatabase();
  const records = new ClientRecords(database);
  const insert =
    database.prepare(`INSERT INTO records (time, host, log, record_id, client, named_host, product, machine,
    n_policy, hresult, status, minutes, virtual) VALUES (?, 1, 1, ?, ?, 1, 1, 1, 25, 0, 1, 0, 0)`);
  let recordId = 0;
  const add = (time: number, client: number) => {
    recordId += 1;
    insert.run(time, recordId, client);
    records.noteNew();
  };
  for (let client = 1; client <= clients; client++) add(client, client);
  add(clients + 1, 7);
  const rows = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row));
  return { database, records, add, rows, waiting: () => rows('SELECT count(*) FROM client_records_new').flat()[0] };
}

it('finds the records of a client by time, merged or not', () => {
  const { records, add, rows } = recordsOf(20);
  records.merge();
  expect(records.waiting).toBe(0);
  add(2, 7);
  add(40, 7);
  expect(records.waiting).toBe(2);
  expect(rows(OF_ONE).map(([, time]) => time)).toEqual([2, 7, 21, 40]);
  expect(rows(OF_ONE).map(([no]) => no)).toEqual([22, 7, 21, 23]);
});

it('merges some at a time, and goes round', () => {
  const { records, waiting, add } = recordsOf(20_000);
  records.merge();
  expect([records.waiting, waiting()]).toEqual([12_000, 12_000]);
  // Behind it, and in turn only after those that wait for longer.
  add(30_000, 1);
  records.merge();
  records.merge();
  expect([records.waiting, waiting()]).toEqual([1, 1]);
  records.merge();
  expect([records.waiting, waiting()]).toEqual([0, 0]);
});

it('forgets what is deleted, merged or not, and does not wait for it', () => {
  const { database, records, add, rows } = recordsOf(20);
  records.merge();
  add(50, 7);
  database.exec('DELETE FROM records WHERE client = 7 AND time > 7');
  expect(rows(OF_ONE)).toEqual([[7, 7]]);
  records.merge();
  expect(records.waiting).toBe(0);
});

it('knows after a restart how many wait', () => {
  const { database } = recordsOf(20);
  expect(new ClientRecords(database).waiting).toBe(21);
});
