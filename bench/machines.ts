import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { openForWriting } from '../src/store/database/database.ts';
import { askChild } from './child.ts';
import { mebibytes, milliseconds, print } from './report.ts';

/** Leases, one a machine, and rows of a list: half of these name a machine that asks. */
const LEASES = Number(process.env['LEASES'] ?? 1_000_000);
const ROWS = LEASES / 2;
const NOW = 1_780_000_000;
/** 120 MB. */
const BAR = '114.4 MiB';

/** A store as large as that, written by SQL: only what the join reads is there. */
function fill(database: DatabaseSync): void {
  database.exec(`
BEGIN;
INSERT INTO products (activation_id, derived_class) VALUES ('73111121-5638-40f6-bc11-f1d7b0d64300', 'client');
INSERT INTO hosts (name, log_status) VALUES ('kms01.corp.example',
  '{"firstRecord":${NOW - 100 * 86_400},"lastArrival":${NOW - 60},"classes":{},"failures":{},"dns":{}}');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LEASES})
INSERT INTO machines (id, name) SELECT i, printf('ws-%07d.corp.example', i) FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LEASES})
INSERT INTO clients (guid, id, machine, name) SELECT unhex(printf('%032x', i)), i, i, '' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LEASES})
INSERT INTO leases (id, client, product, exclusion, expiry, doubt, cls, flags, first, confirmed, presumed, renewal_at,
  renewal_machine, previous, run_start, anomalies, last, record, host, machine, host_pool, contact)
SELECT i, i, 1, 0, ${NOW} + 100 * 86400, 0, 0, 64, ${NOW} - 90 * 86400, 0, ${NOW} + 100 * 86400, ${NOW} - (i % 40) * 86400,
  i, ${NOW} - 50 * 86400, ${NOW} - 90 * 86400, 4, ${NOW} - (i % 40) * 86400, i, 1, i, 0, 0 FROM n;
INSERT INTO inventory_sources (name, read_at, machines) VALUES ('directory', ${NOW}, ${ROWS});
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
INSERT INTO inventory_rows SELECT 1, printf('ws-%07d.corp.example', ${(LEASES / 4) * 3} + i), ${NOW} - (i % 100) * 86400, ${NOW},
  i % 50 = 0, 'Windows 11 Enterprise', NULL FROM n ORDER BY 2;
COMMIT`);
}

const Measured = z.object({ join: z.number(), page: z.number(), first: z.number(), later: z.number() });

/**
 * A join of all machines, pages of them afterwards, and more joins. Memory is the most that the process had at any time,
 * less what it had before: garbage and what only a join needs count.
 */
export async function machines(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kmswatch-machines-'));
  const path = join(folder, 'kmswatch.db');
  const writer = openForWriting(path);
  fill(writer);
  writer.close();
  const measured = await askChild('machines-child.ts', { path, now: NOW }, Measured);
  rmSync(folder, { recursive: true });
  print(`A join of ${LEASES} leases with ${ROWS} rows of a list`, [
    { what: 'the join', value: milliseconds(measured.join), bar: '5000 ms' },
    { what: 'a page of 100, 99th percentile', value: milliseconds(measured.page), bar: '50 ms' },
    { what: 'memory, most in the first join and the pages', value: mebibytes(measured.first), bar: BAR },
    { what: 'memory, most in the joins after it', value: mebibytes(measured.later), bar: BAR },
  ]);
}
