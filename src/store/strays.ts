import type { DatabaseSync } from 'node:sqlite';
import { compareRecords } from '../leases/order.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { CLASSES, groupNo, LOGS } from './catalogue.ts';
import type { Names } from './names.ts';
import { num, type Query, query, type Row } from './rows.ts';

/** As much of a request as tells whether a machine has moved on. */
export type Stray = Pick<LeaseRequest, 'time' | 'host' | 'log' | 'recordId' | 'clientId' | 'activationId'>;

/**
 * The newest request under each name that no lease's last request stands for: of a machine that changed its name, or that
 * shares its client id. There are few. Once true, they stay true, whatever record comes later.
 */
export class Strays {
  readonly #names: Names;
  readonly #strays = new Map<string, Stray>();
  readonly #put: Query;

  constructor(database: DatabaseSync, names: Names) {
    this.#names = names;
    const rows = query(database, 'SELECT machine, grp, client, time, host, log, record_id, product FROM strays');
    for (const row of rows.iterate()) this.#strays.set(`${num(row[0])} ${num(row[1])}`, this.#read(row));
    this.#put = query(
      database,
      `INSERT OR REPLACE INTO strays (machine, grp, client, time, host, log, record_id, product)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  of(machine: number, group: number): Stray | undefined {
    return this.#strays.get(`${machine} ${group}`);
  }

  add(machine: number, client: number, request: LeaseRequest): void {
    const group = groupNo(CLASSES.indexOf(request.cls));
    const known = this.of(machine, group);
    if (known !== undefined && compareRecords(known, request) >= 0) return;
    const { time, host, log, recordId, clientId, activationId } = request;
    this.#strays.set(`${machine} ${group}`, { time, host, log, recordId, clientId, activationId });
    const { hosts, products } = this.#names;
    this.#put.run(
      machine,
      group,
      client,
      time,
      hosts.no(host),
      log === 'kms' ? 1 : 0,
      recordId,
      products.no(activationId),
    );
  }

  reset(): void {
    this.#strays.clear();
  }

  #read([, , client, time, host, log, recordId, product]: Row): Stray {
    return {
      time: num(time),
      host: this.#names.hosts.name(num(host)),
      log: LOGS[num(log)] ?? 'kms',
      recordId: num(recordId),
      clientId: this.#names.clients.guidOf(num(client)),
      activationId: this.#names.products.name(num(product)),
    };
  }
}
