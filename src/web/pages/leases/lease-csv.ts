import { Readable } from 'node:stream';
import { type CsvSeparator, csvHead, csvRow } from '../../../kernel/csv.ts';
import { LEASE_FIELDS, type LeaseJson } from '../../../leases/lease-json.ts';
import type { LeasePage, LeaseQuery } from '../../../store/queries.ts';
import type { StoreAccess } from '../../../store/store-types.ts';

/** Leases that are read at once. */
const PAGE = 1000;

/** All leases that fit, page by page as they are taken; a store that fails midway breaks it off, and it shows. */
export function leaseCsv(store: StoreAccess, query: LeaseQuery, first: LeasePage, separator: CsvSeparator): Readable {
  return Readable.from(lines(store, query, first, separator), { objectMode: false });
}

/** The first page is asked for before the answer begins, so that a bad question can be refused. */
export function firstOfCsv(store: StoreAccess, query: LeaseQuery): ReturnType<StoreAccess['leases']> {
  return store.leases({ ...query, limit: PAGE });
}

async function* lines(
  store: StoreAccess,
  query: LeaseQuery,
  first: LeasePage,
  separator: CsvSeparator,
): AsyncGenerator<string> {
  yield csvHead(LEASE_FIELDS, separator);
  let page = first;
  for (;;) {
    yield page.leases.map((lease) => line(lease, separator)).join('');
    if (page.next_cursor === null) return;
    const next = await store.leases({ ...query, limit: PAGE, cursor: page.next_cursor });
    if (!next.ok) throw new Error(next.error.text);
    page = next.value;
  }
}

function line(lease: LeaseJson, separator: CsvSeparator): string {
  return csvRow(
    LEASE_FIELDS.map((field) => lease[field]),
    separator,
  );
}
