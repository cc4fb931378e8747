import { largeIndexSql, leaseTableSql } from './lease-table-sql.ts';

/** The requests and notices of logs, and the numbers of long names in them. Times are whole seconds since the epoch. */
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
CREATE INDEX records_not_covered ON records (host, product, time) WHERE hresult = 3221549122; -- 0xC004F042
CREATE TABLE client_records ( -- whose they are
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  record INTEGER NOT NULL, -- records.id
  PRIMARY KEY (client, time, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_records_new ( -- those that are not merged into it yet
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (client, time, record)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER record_added AFTER INSERT ON records BEGIN
  INSERT INTO client_records_new VALUES (new.client, new.time, new.id);
END;
CREATE TRIGGER record_deleted AFTER DELETE ON records BEGIN
  DELETE FROM client_records WHERE client = old.client AND time = old.time AND record = old.id;
  DELETE FROM client_records_new WHERE client = old.client AND time = old.time AND record = old.id;
END;
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
  windows INTEGER, -- of one key, or of none with a value
  office INTEGER,
  keys TEXT, -- JSON of KeyCount: of the newest report, and where a pool has several keys
  activation_interval INTEGER,
  PRIMARY KEY (host, time)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_keys ( -- by the newest report of each host
  host INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  os TEXT,
  keys TEXT NOT NULL -- JSON of ReportedKey
) STRICT;
CREATE TABLE log_bookmarks ( -- up to where the log of a host has been read
  host TEXT NOT NULL PRIMARY KEY,
  bookmark TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`;

/** Tables that follow from the history and the configuration: they can be derived again at any time. */
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
  since INTEGER NOT NULL, -- the first request that showed it
  until INTEGER NOT NULL -- the last one
) STRICT;
CREATE TABLE former_requests ( -- the newest request of a machine and client that is no lease's last, by group of classes
  machine INTEGER NOT NULL,
  class_group INTEGER NOT NULL,
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  record INTEGER NOT NULL, -- records.id
  PRIMARY KEY (machine, class_group, client)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_use ( -- the basis of kms_products_refused and kms_product_covered
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

/**
 * The words of others than hosts: inventories, the directory, and clients. Machines are kept by their names, as
 * the names of leases must not depend on these; names are folded when both are joined.
 */
const INVENTORY = `
CREATE TABLE inventory_sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE, -- 'directory', 'http', 'events', or a file's name
  read_at INTEGER NOT NULL, -- how old its newest snapshot is
  machines INTEGER NOT NULL -- of that snapshot
) STRICT;
CREATE TABLE inventory_rows ( -- one a source and machine
  source INTEGER NOT NULL,
  machine TEXT NOT NULL, -- lower case, the full name if the source has it
  seen INTEGER NOT NULL, -- newest time at which the source saw it, 0: never
  word_at INTEGER NOT NULL, -- the newest snapshot that has it; before read_at of the source: it is absent now
  disabled INTEGER NOT NULL, -- by that snapshot
  system TEXT, -- in the words of the source
  other_names TEXT, -- JSON
  PRIMARY KEY (machine, source)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_words ( -- the newest that is known of a machine and product from the machine itself
  machine TEXT NOT NULL,
  activation_id TEXT NOT NULL,
  at INTEGER NOT NULL, -- of the snapshot, if the row itself has no date
  product TEXT,
  status INTEGER, -- 0 to 6, 1 is licensed
  minutes INTEGER,
  way TEXT, -- ActivationWay
  is_host_key INTEGER NOT NULL,
  PRIMARY KEY (machine, activation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_reports ( -- dated words with a status and minutes: rule 1 of leases
  machine TEXT NOT NULL,
  activation_id TEXT NOT NULL,
  time INTEGER NOT NULL,
  status INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  PRIMARY KEY (machine, activation_id, time, status, minutes)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_asks ( -- by 12288, 12289 and 8198; 0: never
  machine TEXT NOT NULL PRIMARY KEY,
  asked_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  failed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE client_events ( -- so that one that is sent again is known
  machine TEXT NOT NULL,
  time INTEGER NOT NULL,
  log TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  PRIMARY KEY (machine, time, log, record_id)
) STRICT, WITHOUT ROWID`;

/** Kept for reports when the records are gone. */
const MONTHS = `
CREATE TABLE closed_months (
  month TEXT NOT NULL PRIMARY KEY, -- 2026-10
  report TEXT NOT NULL, -- JSON of MonthReport
  first_record INTEGER NOT NULL -- the oldest that there was when it was closed
) STRICT, WITHOUT ROWID;
CREATE TABLE outages ( -- conditions that fired
  name TEXT NOT NULL,
  subject TEXT NOT NULL, -- JSON
  since INTEGER NOT NULL,
  until INTEGER, -- NULL: it goes on
  PRIMARY KEY (name, subject, since)
) STRICT, WITHOUT ROWID`;

/** The whole schema of a new database. */
export const SCHEMA = [
  HISTORY,
  PROJECTION,
  leaseTableSql('leases', 'leases_0'),
  largeIndexSql('leases', 'leases_0'),
  leaseTableSql('lease_changes', 'lease_changes'),
  'CREATE INDEX lease_changes_record ON lease_changes (record)',
  INVENTORY,
  AGENT_MEMORY,
  MONTHS,
].join(';');
