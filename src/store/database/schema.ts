/** No expiry, as it is stored: after every other one, so that one index gives the order of lists. */
export const NEVER = 9_999_999_999;

/** The requests and notices of logs, and the numbers that stand for long names in them. Times are whole seconds since the epoch. */
const HISTORY = `
CREATE TABLE hosts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  log_status TEXT NOT NULL DEFAULT '{}' -- JSON of HostLogStatus
) STRICT;
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  activation_id TEXT NOT NULL UNIQUE,
  derived_class TEXT -- by the tables that its leases were derived with; '' if none named it
) STRICT;
CREATE TABLE machines (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, retired_at INTEGER) STRICT;
CREATE INDEX machines_retired ON machines (retired_at) WHERE retired_at IS NOT NULL;
CREATE VIRTUAL TABLE machine_search USING fts5(name, content='', tokenize='trigram', detail=none, columnsize=0);
CREATE TABLE name_variants ( -- a bare name and an FQDN of one machine
  bare INTEGER NOT NULL,
  full INTEGER NOT NULL,
  PRIMARY KEY (bare, full)
) STRICT, WITHOUT ROWID;
CREATE TABLE clients ( -- by GUID, so that one look finds all that a record needs
  guid BLOB NOT NULL PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  machine INTEGER NOT NULL, -- under which it asked, as it was last seen
  name TEXT NOT NULL, -- of that machine
  renamed INTEGER NOT NULL DEFAULT 0 -- 1: it asked under another name too
) STRICT, WITHOUT ROWID;
CREATE TABLE records ( -- in the order of their arrival: clients ask in random order, and a table by client would be written all over
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  host INTEGER NOT NULL, -- aliases replaced
  log INTEGER NOT NULL, -- 0 application, 1 kms: in the order of their names
  record_id INTEGER NOT NULL,
  client INTEGER NOT NULL,
  named_host INTEGER NOT NULL, -- as the record has it
  product INTEGER NOT NULL,
  machine INTEGER NOT NULL,
  n_policy INTEGER NOT NULL,
  hresult INTEGER NOT NULL,
  status INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  virtual INTEGER NOT NULL,
  client_time INTEGER
) STRICT;
CREATE UNIQUE INDEX records_key ON records (time, host, log, record_id);
CREATE INDEX records_client ON records (client, time);
CREATE TABLE notices ( -- 12291 to 12294
  time INTEGER NOT NULL,
  host INTEGER NOT NULL,
  log INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  named_host INTEGER NOT NULL,
  kind TEXT NOT NULL, -- init, timer, failure, success
  domain TEXT,
  hresult INTEGER NOT NULL,
  PRIMARY KEY (time, host, log, record_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
  host INTEGER NOT NULL,
  time INTEGER NOT NULL,
  windows INTEGER,
  office INTEGER,
  activation_interval INTEGER,
  PRIMARY KEY (host, time)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_bookmarks ( -- up to where the log of a host has been read
  host TEXT NOT NULL PRIMARY KEY,
  bookmark TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`;

/** What follows from the history and the configuration; it can be derived again at any time. */
const PROJECTION = `
CREATE TABLE host_pools (
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL,
  pool INTEGER NOT NULL, -- 0 windows, 1 office
  state TEXT NOT NULL, -- JSON of HostPoolState
  UNIQUE (host, pool)
) STRICT;
CREATE TABLE duplicates ( -- client ids that several machines use
  client INTEGER PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT;
CREATE TABLE former_requests ( -- the newest request under a name that is no lease's last, by group of classes
  machine INTEGER NOT NULL,
  class_group INTEGER NOT NULL,
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  record INTEGER NOT NULL, -- records.id
  PRIMARY KEY (machine, class_group)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_use ( -- the basis of kms_products_refused
  host INTEGER NOT NULL,
  product INTEGER NOT NULL,
  requests TEXT NOT NULL, -- JSON
  PRIMARY KEY (host, product)
) STRICT, WITHOUT ROWID`;

const AGENT_MEMORY = `
CREATE TABLE sightings (
  domain TEXT NOT NULL,
  target TEXT NOT NULL,
  port INTEGER NOT NULL,
  at INTEGER NOT NULL, -- milliseconds since the epoch
  PRIMARY KEY (domain, target, port)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
  receiver TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  pending INTEGER NOT NULL,
  alert TEXT NOT NULL,
  PRIMARY KEY (receiver, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE open_conditions (
  position INTEGER PRIMARY KEY,
  condition TEXT NOT NULL -- JSON
) STRICT`;

/** The columns of `leases`, in order. 0 stands for no time and no number, but for `expiry`. */
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

/** The whole schema of a new database. */
export const SCHEMA = [
  HISTORY,
  PROJECTION,
  leaseTableSql('leases', 'leases_0'),
  largeIndexSql('leases', 'leases_0'),
  leaseTableSql('lease_changes', 'lease_changes'),
  AGENT_MEMORY,
].join(';');
