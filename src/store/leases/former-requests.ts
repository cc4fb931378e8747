import type { DatabaseSync } from 'node:sqlite';
import type { FormerRequest } from '../../leases/newest-requests.ts';
import { classNo, groupNo } from '../database/numbering.ts';
import { num, type Query, query } from '../database/rows.ts';
import type { Records, StoredRequest } from '../history/records.ts';

/**
 * The newest request of each machine and client id that is no lease's last request: of a machine that changed its name, or of a
 * product whose class changed. There are few.
 */
export class FormerRequests {
  readonly #records: Records;
  /** By machine and group of classes, then by client. */
  readonly #requests = new Map<string, Map<number, FormerRequest>>();
  /** The keys of a client. */
  readonly #ofClient = new Map<number, Set<string>>();
  readonly #changed = new Set<string>();
  readonly #put: Query;
  readonly #drop: Query;
  readonly #forget: Query;

  /** @param isEmpty begins with none, whatever is stored */
  constructor(database: DatabaseSync, records: Records, isEmpty = false) {
    this.#records = records;
    this.#put = query(
      database,
      'INSERT OR REPLACE INTO former_requests (machine, class_group, client, time, record) VALUES (?, ?, ?, ?, ?)',
    );
    this.#drop = query(database, 'DELETE FROM former_requests WHERE client = ?');
    this.#forget = query(database, 'DELETE FROM former_requests WHERE time < ?');
    if (isEmpty) return;
    const rows = query(database, 'SELECT machine, class_group, client, time, record FROM former_requests');
    for (const [machine, group, client, time, record] of rows.iterate()) {
      this.#set(`${num(machine)} ${num(group)}`, { client: num(client), time: num(time), record: num(record) });
    }
  }

  of(machine: number, group: number): Iterable<FormerRequest> {
    return this.#requests.get(`${machine} ${group}`)?.values() ?? [];
  }

  add({ machineNo, cls, client, time, no }: StoredRequest): void {
    const key = `${machineNo} ${groupNo(classNo(cls))}`;
    const known = this.#requests.get(key)?.get(client);
    if (known !== undefined && (known.time > time || (known.time === time && !this.#isLater(no, known.record)))) return;
    this.#set(key, { client, time, record: no });
    this.#changed.add(`${key} ${client}`);
  }

  /** Forgets those of a client, whose leases are made again. @returns their machines */
  dropClient(client: number): number[] {
    const keys = [...(this.#ofClient.get(client) ?? [])];
    if (keys.length === 0) return [];
    for (const key of keys) {
      this.#requests.get(key)?.delete(client);
      this.#changed.delete(`${key} ${client}`);
    }
    this.#ofClient.delete(client);
    this.#drop.run(client);
    return keys.map((key) => Number(key.split(' ')[0]));
  }

  forgetBefore(time: number): void {
    for (const [key, requests] of this.#requests) {
      for (const [client, request] of requests) if (request.time < time) requests.delete(client);
      if (requests.size === 0) this.#requests.delete(key);
    }
    this.#forget.run(time);
  }

  save(): void {
    for (const changed of this.#changed) {
      const [machine = 0, group = 0, client = 0] = changed.split(' ').map(Number);
      const request = this.#requests.get(`${machine} ${group}`)?.get(client);
      if (request !== undefined) this.#put.run(machine, group, client, request.time, request.record);
    }
    this.#changed.clear();
  }

  #set(key: string, request: FormerRequest): void {
    const requests = this.#requests.get(key) ?? new Map<number, FormerRequest>();
    this.#requests.set(key, requests.set(request.client, request));
    this.#ofClient.set(request.client, (this.#ofClient.get(request.client) ?? new Set<string>()).add(key));
  }

  #isLater(record: number, than: number): boolean {
    return this.#records.compare(record, than) > 0;
  }
}
