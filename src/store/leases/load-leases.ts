import type { DatabaseSync } from 'node:sqlite';
import type { LastContacts } from '../../leases/last-contacts.ts';
import { lastId, num, query, text } from '../database/rows.ts';
import { FLAGS_SQL } from './lease-bits.ts';
import type { LeaseTable } from './lease-table.ts';

/**
 * Handing over a value costs more than reading it, so three small numbers are one value. A host pool has 16 bits in
 * `LastContacts`, and 10 here: beyond them it is read apart.
 */
const MOST_POOLS = 1 << 10;
const PLACE = `(host << 20) | ((host_pool & ${MOST_POOLS - 1}) << 10) | ${FLAGS_SQL}`;

/** Reads all leases into memory: some 2 µs for each, and so most of the time that a start takes. */
export function loadLeases(database: DatabaseSync, table: LeaseTable, contacts: LastContacts): void {
  const client = lastId(database, 'clients');
  table.reserve(lastId(database, 'leases'), lastId(database, 'machines'), client);
  contacts.reserve(client);
  for (const rows of ['leases', 'lease_changes']) {
    for (const row of query(database, select(rows)).iterate()) {
      const [id, client, product, first, confirmed, presumed, renewalAt, renewalMachine, previous, runStart] = row;
      const last = num(row[11]);
      const place = num(row[13]);
      table.load(num(id), {
        client: num(client),
        product: num(product),
        first: num(first),
        confirmed: num(confirmed),
        presumed: num(presumed),
        renewalAt: num(renewalAt),
        renewalMachine: num(renewalMachine),
        previous: num(previous),
        runStart: num(runStart),
        anomalies: num(row[10]),
        last,
        record: num(row[12]),
        host: Math.floor(place / (MOST_POOLS * 1024)),
        machine: num(row[14]),
        flags: place & 0x3ff,
      });
      loadContacts(contacts, num(client), last, (place >>> 10) & (MOST_POOLS - 1), row[15]);
    }
  }
}

function select(rows: string): string {
  const others = `CASE WHEN contacts IS NULL AND contact = last AND host_pool < ${MOST_POOLS} THEN NULL
    ELSE json_array(host_pool, contact, json(contacts)) END`;
  return `SELECT id, client, product, first, confirmed, presumed, renewal_at, renewal_machine, previous, run_start,
    anomalies, last, record, ${PLACE}, machine, ${others} FROM ${rows}`;
}

/** Mostly the last contact is the last request, and the only one. */
function loadContacts(contacts: LastContacts, client: number, last: number, pool: number, json: unknown): void {
  if (json === null) {
    contacts.put(client, pool, last);
    return;
  }
  const [newest, time, others]: [number, number, readonly [number, number][] | null] = JSON.parse(text(String(json)));
  if (time !== 0) contacts.put(client, newest, time);
  for (const [other, at] of others ?? []) contacts.put(client, other, at);
}
