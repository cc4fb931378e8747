import type { DatabaseSync } from 'node:sqlite';
import type { FormerRequest } from '../../leases/newest-requests.ts';
import { num, type Query, query } from '../database/rows.ts';
import { classNo, groupNo } from '../history/catalogue.ts';
import type { Records, StoredRequest } from '../history/records.ts';

/**
 * The newest request under each name that is no lease's last request: of a machine that changed its name, or that shares
 * its client id. There are few. Once true, they stay true, whatever record comes later.
 */
export class FormerRequests {
  readonly #records: Records;
  /** By machine and group of classes. */
  readonly #requests = new Map<string, FormerRequest>();
  readonly #changed = new Set<string>();
  readonly #put: Query;
  readonly #forget: Query;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, records: Records, isEmpty = false) {
    this.#records = records;
    this.#put = query(
      database,
      'INSERT OR REPLACE INTO former_requests (machine, class_group, client, time, record) VALUES (?, ?, ?, ?, ?)',
    );
    this.#forget = query(database, 'DELETE FROM former_requests WHERE time < ?');
    if (isEmpty) return;
    const rows = query(database, 'SELECT machine, class_group, client, time, record FROM former_requests');
    for (const [machine, group, client, time, record] of rows.iterate()) {
      const request = { client: num(client), time: num(time), record: num(record) };
      this.#requests.set(`${num(machine)} ${num(group)}`, request);
    }
  }

  of(machine: number, group: number): FormerRequest | undefined {
    return this.#requests.get(`${machine} ${group}`);
  }

  add({ machineNo, cls, client, time, no }: StoredRequest): void {
    const key = `${machineNo} ${groupNo(classNo(cls))}`;
    const known = this.#requests.get(key);
    if (known !== undefined && (known.time > time || (known.time === time && !this.#isLater(no, known.record)))) return;
    this.#requests.set(key, { client, time, record: no });
    this.#changed.add(key);
  }

  forgetBefore(time: number): void {
    for (const [key, request] of this.#requests) if (request.time < time) this.#requests.delete(key);
    this.#forget.run(time);
  }

  save(): void {
    for (const key of this.#changed) {
      const [machine = 0, group = 0] = key.split(' ').map(Number);
      const request = this.#requests.get(key);
      if (request !== undefined) this.#put.run(machine, group, request.client, request.time, request.record);
    }
    this.#changed.clear();
  }

  #isLater(record: number, than: number): boolean {
    return this.#records.compare(record, than) > 0;
  }
}
