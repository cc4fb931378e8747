/** No expiry, as it is stored: after every other one, so that one index gives the order of lists. */
export const NEVER = 9_999_999_999;

/**
 * What was heard, and the numbers that stand for long names in it. Times are whole seconds since the epoch.
 * How records lie was changed later (`RECORDS_BY_ARRIVAL`).
 */
export const RECORDS_SCHEMA = `
CREATE TABLE hosts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  marks TEXT NOT NULL DEFAULT '{}' -- JSON of HostMarks
) STRICT;
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  activation_id TEXT NOT NULL UNIQUE,
  cls TEXT -- by the tables that its leases were derived with; '' when none named it
) STRICT;
CREATE TABLE machines (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, retired_at INTEGER) STRICT;
CREATE INDEX machines_retired ON machines (retired_at) WHERE retired_at IS NOT NULL;
CREATE VIRTUAL TABLE machine_search USING fts5(name, content='', tokenize='trigram', detail=none, columnsize=0);
CREATE TABLE kin ( -- a bare name and an FQDN of one machine
  bare INTEGER NOT NULL,
  full INTEGER NOT NULL,
  PRIMARY KEY (bare, full)
) STRICT, WITHOUT ROWID;
CREATE TABLE clients ( -- by guid, so that one look finds all that a record needs
  guid BLOB NOT NULL PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  machine INTEGER NOT NULL, -- under which it asked, as it was told last
  name TEXT NOT NULL, -- of that machine
  renamed INTEGER NOT NULL DEFAULT 0, -- 1: it asked under another name too
  in_turn INTEGER -- when two machines were found to use it in turn
) STRICT, WITHOUT ROWID;
CREATE INDEX clients_duplicate ON clients (in_turn) WHERE in_turn IS NOT NULL;
CREATE TABLE records (
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  host INTEGER NOT NULL, -- aliases folded
  log INTEGER NOT NULL, -- 0 application, 1 kms: in the order of their names
  record_id INTEGER NOT NULL,
  named_host INTEGER NOT NULL, -- as the record has it
  product INTEGER NOT NULL,
  machine INTEGER NOT NULL,
  n_policy INTEGER NOT NULL,
  hresult INTEGER NOT NULL,
  status INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  virtual INTEGER NOT NULL,
  client_time INTEGER,
  PRIMARY KEY (client, time, host, log, record_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_key ON records (time, host, log, record_id);
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
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`;

/** What follows from the records and the configuration; it can be derived again at any time. */
export const PROJECTION_SCHEMA = `
CREATE TABLE homes ( -- a host and one of its pools
  id INTEGER PRIMARY KEY,
  host INTEGER NOT NULL,
  pool INTEGER NOT NULL, -- 0 windows, 1 office
  state TEXT NOT NULL, -- JSON of HomeState
  UNIQUE (host, pool)
) STRICT;
CREATE TABLE leases (
  id INTEGER PRIMARY KEY,
  client INTEGER NOT NULL,
  product INTEGER NOT NULL,
  fate INTEGER NOT NULL DEFAULT 0, -- 1 superseded, 2 retired, 3 both
  expiry INTEGER NOT NULL,
  first INTEGER NOT NULL,
  confirmed INTEGER,
  presumed INTEGER,
  doubt INTEGER NOT NULL,
  renewal_at INTEGER,
  renewal_machine INTEGER,
  renewal_presumed INTEGER,
  previous INTEGER,
  run_start INTEGER NOT NULL,
  anomalies INTEGER NOT NULL,
  last INTEGER NOT NULL, -- and what its last request was
  host INTEGER NOT NULL,
  log INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  machine INTEGER NOT NULL,
  cls INTEGER NOT NULL,
  n_policy INTEGER NOT NULL,
  hresult INTEGER NOT NULL,
  status INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  virtual INTEGER NOT NULL,
  client_time INTEGER,
  home INTEGER, -- where its last contact (HRESULT 0, a known pool) was
  contact INTEGER,
  contacts TEXT, -- JSON: other homes and their last contacts
  UNIQUE (client, product)
) STRICT;
CREATE INDEX leases_expiry ON leases (fate, expiry);
CREATE INDEX leases_machine ON leases (machine);
CREATE INDEX leases_doubt ON leases (fate, expiry) WHERE doubt = 1;
CREATE TABLE strays ( -- the newest request by a machine that is no lease's last, by group of classes
  machine INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  client INTEGER NOT NULL,
  time INTEGER NOT NULL,
  host INTEGER NOT NULL,
  log INTEGER NOT NULL,
  record_id INTEGER NOT NULL,
  product INTEGER NOT NULL,
  PRIMARY KEY (machine, grp)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_use ( -- what kms_products_refused looks at
  host INTEGER NOT NULL,
  product INTEGER NOT NULL,
  requests TEXT NOT NULL, -- JSON
  PRIMARY KEY (host, product)
) STRICT, WITHOUT ROWID`;
