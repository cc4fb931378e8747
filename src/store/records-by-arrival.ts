/**
 * Records lie in the order of their arrival, and an index has them by client. They lay by client before, which made
 * every renewal change a page of its own: clients ask in random order. An entry of the index is a fourth of a record.
 */
export const RECORDS_BY_ARRIVAL = `
DROP INDEX records_key;
ALTER TABLE records RENAME TO records_by_client;
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  host INTEGER NOT NULL, -- aliases folded
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
INSERT INTO records (time, host, log, record_id, client, named_host, product, machine, n_policy, hresult, status,
    minutes, virtual, client_time)
  SELECT time, host, log, record_id, client, named_host, product, machine, n_policy, hresult, status,
    minutes, virtual, client_time FROM records_by_client ORDER BY time, host, log, record_id;
DROP TABLE records_by_client;
CREATE UNIQUE INDEX records_key ON records (time, host, log, record_id);
CREATE INDEX records_client ON records (client, time)`;
