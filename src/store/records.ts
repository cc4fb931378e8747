import type { DatabaseSync } from 'node:sqlite';
import type { ActivationRequest, EventRecord } from '../activations/types.ts';
import { compareRecords } from '../leases/order.ts';
import type { LeaseRequest } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import { type Catalogue, LOGS } from './catalogue.ts';
import type { ClientEntry } from './ids.ts';
import type { Names } from './names.ts';
import { maybe, num, type Query, query, type Row } from './rows.ts';

/** A request with the numbers that stand for its names. */
export interface StoredRequest extends LeaseRequest {
  readonly client: number;
  readonly product: number;
  readonly machineNo: number;
  readonly hostNo: number;
}

const COLUMNS = `client, time, host, log, record_id, product, machine, n_policy, hresult, status, minutes, virtual,
  client_time`;

/** The requests that were heard. */
export class Records {
  readonly #names: Names;
  readonly #catalogue: Catalogue;
  readonly #insert: Query;
  readonly #ofClient: Query;
  readonly #contactsBefore: Query;
  readonly #contactsAfter: Query;
  readonly #between: Query;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync, names: Names, catalogue: Catalogue) {
    this.#database = database;
    this.#names = names;
    this.#catalogue = catalogue;
    this.#insert = query(
      database,
      `INSERT OR IGNORE INTO records (${COLUMNS}, named_host) VALUES (${'?, '.repeat(13)}?)`,
    );
    this.#ofClient = query(database, `SELECT ${COLUMNS} FROM records WHERE client = ?`);
    const contact = 'SELECT time, product, n_policy FROM records WHERE client = ? AND hresult = 0 AND host = ?';
    this.#contactsBefore = query(
      database,
      `${contact} AND time <= ? AND NOT (time = ? AND log = ? AND record_id = ?) ORDER BY time DESC`,
    );
    this.#contactsAfter = query(database, `${contact} AND time > ? ORDER BY time`);
    this.#between = query(
      database,
      `SELECT client, product, n_policy FROM records INDEXED BY records_key
       WHERE time >= ? AND time < ? AND host = ? AND hresult = 0`,
    );
  }

  /** @returns undefined when the record is known */
  add(record: EventRecord, body: ActivationRequest, hostNo: number, client: ClientEntry): StoredRequest | undefined {
    const { products, machines, hosts } = this.#names;
    const product = products.no(body.activationId);
    const machineNo = body.machine === client.machineName ? client.machine : machines.no(body.machine);
    const added = this.#insert.run(
      client.no,
      record.time,
      hostNo,
      LOGS.indexOf(record.log),
      record.recordId,
      product,
      machineNo,
      body.nPolicy,
      body.hresult,
      body.status,
      body.minutes,
      body.virtual ? 1 : 0,
      body.clientTime ?? null,
      hosts.no(record.host),
    );
    if (added === 0) return undefined;
    machines.remember(machineNo, body.machine);
    const cls = this.#catalogue.classOf(body.activationId, body.nPolicy);
    return {
      ...body,
      time: record.time,
      host: hosts.name(hostNo),
      log: record.log,
      recordId: record.recordId,
      cls,
      pool: poolOf(cls),
      client: client.no,
      product,
      machineNo,
      hostNo,
    };
  }

  /** All requests of a client id, in order. */
  ofClient(client: number, guid: string): StoredRequest[] {
    return this.#ofClient
      .all(client)
      .map((row) => this.#request(row, guid))
      .sort(compareRecords);
  }

  /** The newest of all, newest first. */
  newest(limit: number): StoredRequest[] {
    const rows = query(
      this.#database,
      `SELECT ${COLUMNS} FROM records INDEXED BY records_key
       ORDER BY time DESC, host DESC, log DESC, record_id DESC LIMIT ?`,
    );
    return rows.all(limit).map((row) => this.#request(row, this.#names.clients.guidOf(num(row[0]))));
  }

  /** All requests, by client, those of one client in order. */
  *byClient(): Iterable<StoredRequest[]> {
    let own: StoredRequest[] = [];
    for (const row of query(this.#database, `SELECT ${COLUMNS} FROM records ORDER BY client`).iterate()) {
      const client = num(row[0]);
      if (own[0] !== undefined && own[0].client !== client) {
        yield own.sort(compareRecords);
        own = [];
      }
      own.push(this.#request(row, own[0]?.clientId ?? this.#names.clients.guidOf(client)));
    }
    if (own.length > 0) yield own.sort(compareRecords);
  }

  /** The nearest contacts of a client at a host and pool before (or at) and after that of a request. */
  contactsAround(request: StoredRequest): { readonly before: number | undefined; readonly after: number | undefined } {
    const { client, hostNo, time, log, recordId } = request;
    const isOurs = this.#inPoolOf(request);
    const before = find(
      this.#contactsBefore.iterate(
        client,
        hostNo,
        time,
        time,
        LOGS.indexOf(log === 'kms' ? 'kms' : 'application'),
        recordId,
      ),
      isOurs,
    );
    return { before, after: find(this.#contactsAfter.iterate(client, hostNo, time), isOurs) };
  }

  /** The last contact of a client at a host and pool up to a time. */
  contactUntil(client: number, hostNo: number, pool: string, time: number): number | undefined {
    return find(
      this.#contactsBefore.iterate(client, hostNo, time, -1, -1, -1),
      ([, product, nPolicy]) => this.#poolOf(product, nPolicy) === pool,
    );
  }

  /** Client and product of the contacts of a host and pool in [from, until), of one N-policy or of any. */
  *contactsIn(
    hostNo: number,
    pool: string,
    from: number,
    until: number,
    n?: number,
  ): Iterable<readonly [number, number]> {
    for (const [client, product, nPolicy] of this.#between.iterate(from, until, hostNo)) {
      if (n !== undefined && num(nPolicy) !== n) continue;
      if (this.#poolOf(product, nPolicy) === pool) yield [num(client), num(product)];
    }
  }

  #inPoolOf({ pool }: StoredRequest): (row: Row) => boolean {
    return ([, product, nPolicy]) => this.#poolOf(product, nPolicy) === pool;
  }

  #poolOf(product: Row[number] | undefined, nPolicy: Row[number] | undefined): string | undefined {
    return poolOf(this.#catalogue.classOf(this.#names.products.name(num(product)), num(nPolicy)));
  }

  #request(row: Row, clientId: string): StoredRequest {
    const [
      client,
      time,
      host,
      log,
      recordId,
      product,
      machine,
      nPolicy,
      hresult,
      status,
      minutes,
      virtual,
      clientTime,
    ] = row;
    const activationId = this.#names.products.name(num(product));
    const cls = this.#catalogue.classOf(activationId, num(nPolicy));
    return {
      time: num(time),
      host: this.#names.hosts.name(num(host)),
      log: LOGS[num(log)] ?? 'kms',
      recordId: num(recordId),
      machine: this.#names.machines.name(num(machine)),
      clientId,
      activationId,
      cls,
      pool: poolOf(cls),
      nPolicy: num(nPolicy),
      hresult: num(hresult),
      status: num(status),
      minutes: num(minutes),
      virtual: virtual === 1,
      clientTime: maybe(clientTime),
      client: num(client),
      product: num(product),
      machineNo: num(machine),
      hostNo: num(host),
    };
  }
}

function find(rows: Iterable<Row>, isOurs: (row: Row) => boolean): number | undefined {
  for (const row of rows) {
    if (isOurs(row)) return num(row[0]);
  }
  return undefined;
}
