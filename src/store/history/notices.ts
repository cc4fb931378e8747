import type { DatabaseSync } from 'node:sqlite';
import type { EventBody, EventRecord } from '../../activations/types.ts';
import { type HostName, hostNameOfRecord } from '../../kernel/host-name.ts';
import { LOGS } from '../database/numbering.ts';
import { num, type Query, query, secs, text } from '../database/rows.ts';
import type { NameIds } from './name-ids.ts';

/** The records that are no requests: 12291 to 12294. */
export class Notices {
  readonly #hosts: NameIds<HostName>;
  readonly #insert: Query;
  readonly #all: Query;

  constructor(database: DatabaseSync, hosts: NameIds<HostName>) {
    this.#hosts = hosts;
    this.#insert = query(
      database,
      `INSERT OR IGNORE INTO notices (time, host, log, record_id, named_host, kind, domain, hresult)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#all = query(database, 'SELECT host, time, log, record_id, kind, domain, hresult FROM notices');
  }

  /** @returns false when it is known */
  add({ time, log, recordId, host, body }: EventRecord, hostNo: number): boolean {
    if (body.kind === 'request' || body.kind === 'client') return false;
    const kind = body.kind === 'service_failure' ? body.failure : body.result;
    const domain = body.kind === 'service_failure' ? null : body.domain;
    const named = this.#hosts.no(host);
    return this.#insert.run(time, hostNo, LOGS.indexOf(log), recordId, named, kind, domain, body.hresult) > 0;
  }

  /** All of them, with the number of their host. */
  *all(): Iterable<readonly [number, EventRecord]> {
    for (const [host, time, log, recordId, kind, domain, hresult] of this.#all.iterate()) {
      const name = this.#hosts.name(num(host));
      const body = bodyOf(text(kind), text(domain), num(hresult));
      yield [
        num(host),
        { host: name, time: secs(time), log: LOGS[num(log)] ?? 'application', recordId: num(recordId), body },
      ];
    }
  }
}

function bodyOf(kind: string, domain: string, hresult: number): EventBody {
  if (kind === 'init' || kind === 'timer') return { kind: 'service_failure', failure: kind, hresult };
  return {
    kind: 'dns_publish',
    result: kind === 'success' ? 'success' : 'failure',
    domain: hostNameOfRecord(domain),
    hresult,
  };
}
