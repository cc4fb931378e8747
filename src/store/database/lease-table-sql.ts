/** No expiry, as it is stored: after every other one, so that one index gives the order of lists. */
export const NEVER = 9_999_999_999;

/** The rows of `lease_changes` are newer: a lease that is in both is as they say. */
export const LEASE_TABLES = ['leases', 'lease_changes'] as const;

/** The columns of `leases`, in order. 0 means no time and no number, but for `expiry`. */
export const LEASE_COLUMNS = [
  'id',
  'client',
  'product',
  'exclusion', // 1 superseded, 2 retired, 3 both
  'expiry',
  'doubt',
  'cls',
  'flags', // the other bits of LeaseTable
  'first',
  'confirmed',
  'presumed',
  'renewal_at',
  'renewal_machine',
  'previous',
  'run_start',
  'anomalies',
  'last', // time of its last request
  'record', // records.id of it
  'host',
  'machine',
  'host_pool', // of the client's last contact (HRESULT 0, a known pool), 0 if none
  'contact',
] as const;

const COLUMN_LIST = LEASE_COLUMNS.slice(1)
  .map((name) => `${name} INTEGER NOT NULL`)
  .join(', ');

/**
 * A table of leases. `lease_changes` has the same columns: rows that are newer than those of `leases`, so that a large
 * batch need not be written all over the large table at once.
 * @param index what the names of its indexes begin with, as an index keeps its name when its table is renamed
 */
export function leaseTableSql(table: string, index: string): string {
  return `
CREATE TABLE ${table} (
  id INTEGER PRIMARY KEY,
  ${COLUMN_LIST},
  contacts TEXT -- JSON: other host pools and the client's last contacts there
) STRICT;
CREATE INDEX ${index}_expiry ON ${table} (exclusion, expiry);
CREATE INDEX ${index}_machine ON ${table} (machine)`;
}

/** Indexes that only the large table needs. */
export function largeIndexSql(table: string, index: string): string {
  return `
CREATE INDEX ${index}_client ON ${table} (client, product);
CREATE INDEX ${index}_doubt ON ${table} (exclusion, expiry) WHERE doubt = 1`;
}
