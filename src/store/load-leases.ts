import type { DatabaseSync } from 'node:sqlite';
import type { Homes } from './homes.ts';
import { FLAGS_SQL, type LeaseColumns } from './lease-columns.ts';
import { unpackContacts } from './lease-rows.ts';
import { num, query, text } from './rows.ts';
import { NEVER } from './schema.ts';

/**
 * What few leases have: a run of requests of one that gets what it wants matters to nobody, and the last contact mostly
 * is the last request. Handing over a value costs more than reading it, so these are one value.
 */
const REST = `CASE WHEN contacts IS NULL AND contact IS last AND hresult = 0 AND doubt = 0 AND expiry < ${NEVER}
  THEN NULL ELSE json_array(previous, run_start, contact, contacts) END`;
/** Three numbers in one: a home has 16 bits, as in `ContactCells`. */
const PLACE = `(host << 24) | (coalesce(home, 0) << 8) | ${FLAGS_SQL}`;
const SELECT = `SELECT id, client, product, machine, expiry, last, ${PLACE}, ${REST} FROM leases`;

/** Reads all leases into memory: 2 µs for each, and so most of what a start costs. */
export function loadLeases(database: DatabaseSync, columns: LeaseColumns, homes: Homes): void {
  const largest = (table: string) => num(query(database, `SELECT coalesce(max(id), 0) FROM ${table}`).get()?.[0]);
  const client = largest('clients');
  columns.reserve({ lease: largest('leases'), machine: largest('machines'), client });
  homes.cells.reserve(client);
  for (const row of query(database, SELECT).iterate()) {
    const client = num(row[1]);
    const expiry = num(row[4]);
    const last = num(row[5]);
    const place = num(row[6]);
    const home = (place >>> 8) & 0xffff;
    const rest = row[7] === null ? undefined : readRest(text(row[7]));
    columns.load(num(row[0]), {
      client,
      product: num(row[2]),
      machine: num(row[3]),
      expiry: expiry === NEVER ? 0 : expiry,
      last,
      previous: rest?.[0] ?? 0,
      runStart: rest?.[1] ?? 0,
      host: Math.floor(place / 2 ** 24),
      flags: place & 0xff,
    });
    if (rest === undefined) homes.cells.put(client, home, last);
    else homes.load(client, unpackContacts(home || undefined, rest[2] ?? undefined, rest[3] ?? undefined));
  }
}

function readRest(json: string): readonly [number | null, number, number | null, string | null] {
  return JSON.parse(json);
}
