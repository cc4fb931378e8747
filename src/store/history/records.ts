import type { DatabaseSync } from 'node:sqlite';
import type { ActivationRequest, EventRecord } from '../../activations/types.ts';
import { machinesBehind } from '../../leases/machines.ts';
import { compareRecords } from '../../leases/order.ts';
import type { LeaseRequest } from '../../leases/types.ts';
import { poolOf } from '../../products/product.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { LOGS } from '../database/numbering.ts';
import { lastId, maybeSecs, num, type Query, query, type Row, secs } from '../database/rows.ts';
import type { ClientEntry } from './client-ids.ts';
import { ofClients } from './client-records.ts';
import { Contacts } from './contacts.ts';
import type { Names } from './names.ts';

/** A request with the numbers of its names. */
export interface StoredRequest extends LeaseRequest {
  /** By order of arrival. */
  readonly no: number;
  readonly client: number;
  readonly product: number;
  /** Of its machine's one name. */
  readonly machineNo: number;
  readonly hostNo: number;
}

const VALUES = `client, time, host, log, record_id, product, machine, n_policy, hresult, status, minutes, virtual,
  client_time`;
const COLUMNS = `id, ${VALUES}`;

/** The columns that `requestOf` reads, of a table with this alias. */
export function requestColumns(alias: string): string {
  return COLUMNS.split(',')
    .map((name) => `${alias}.${name.trim()}`)
    .join(', ');
}

/** How many columns that is. */
export const REQUEST_WIDTH = COLUMNS.split(',').length;

/** No bound: above every number that SQLite gives a row here. */
const ALL = Number.MAX_SAFE_INTEGER;

/** The requests of all logs, as far as they have arrived up to `until`. */
export class Records {
  /** The number of the newest record that is looked at: a derivation takes them in one after the other. */
  until = ALL;
  readonly contacts: Contacts;
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #catalogue: ProductCatalogue;
  readonly #insert: Query;
  readonly #one: Query;
  readonly #known: Query;
  readonly #ofClient: Query;

  constructor(database: DatabaseSync, names: Names, catalogue: ProductCatalogue) {
    this.#database = database;
    this.#names = names;
    this.#catalogue = catalogue;
    this.#insert = query(
      database,
      `INSERT OR IGNORE INTO records (${VALUES}, named_host) VALUES (${'?, '.repeat(13)}?)`,
    );
    this.#one = query(database, `SELECT ${COLUMNS} FROM records WHERE id = ?`);
    const key = 'time = ? AND host = ? AND log = ? AND record_id = ?';
    this.#known = query(database, `SELECT 1 FROM records INDEXED BY records_key WHERE ${key}`);
    const own = 'o.client = ?1 AND o.time >= ?2 AND r.id <= ?3';
    this.#ofClient = query(database, ofClients(requestColumns('r'), own));
    this.contacts = new Contacts(database, names, catalogue, () => this.until);
  }

  has({ time, log, recordId }: EventRecord, hostNo: number): boolean {
    return this.#known.get(time, hostNo, LOGS.indexOf(log), recordId) !== undefined;
  }

  /** @returns undefined if the record is known */
  add(record: EventRecord, body: ActivationRequest, hostNo: number, client: ClientEntry): StoredRequest | undefined {
    const { products, machines, hosts } = this.#names;
    const product = products.no(body.activationId);
    const machineNo = body.machine === client.machineName ? client.machine : machines.no(body.machine);
    const no = this.#insert.insertNew(
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
    if (no === undefined) return undefined;
    machines.remember(machineNo, body.machine);
    const one = machines.machineOf(machineNo);
    const cls = this.#catalogue.classOf(body.activationId, body.nPolicy);
    return {
      ...body,
      machine: one === machineNo ? body.machine : machines.name(one),
      no,
      time: record.time,
      host: hosts.name(hostNo),
      log: record.log,
      recordId: record.recordId,
      cls,
      pool: poolOf(cls),
      client: client.no,
      product,
      machineNo: one,
      hostNo,
    };
  }

  /** The number of the record that arrived last, 0 if there is none. */
  last(): number {
    return lastId(this.#database, 'records');
  }

  get(no: number): StoredRequest | undefined {
    const row = this.#one.get(no);
    return row && this.#request(row);
  }

  /** Negative if record `a` comes before record `b` by `compareRecords`, positive if after. */
  compare(a: number, b: number): number {
    const [first, second] = [this.get(a), this.get(b)];
    return first === undefined || second === undefined ? a - b : compareRecords(first, second);
  }

  /** The requests of a client id since a time, in order. */
  ofClient(client: number, guid: string, since = 0): StoredRequest[] {
    const rows = this.#ofClient.all(client, since, this.until);
    return this.#inOrder(rows.map((row) => this.#request(row, guid)));
  }

  /** The newest of all, newest first. */
  newest(limit: number): StoredRequest[] {
    const rows = query(
      this.#database,
      `SELECT ${COLUMNS} FROM records INDEXED BY records_key
       ORDER BY time DESC, host DESC, log DESC, record_id DESC LIMIT ?`,
    );
    return rows.all(limit).map((row) => this.#request(row));
  }

  /** Requests that arrived after a record, in the order of their arrival. */
  arrivedAfter(no: number, limit: number): StoredRequest[] {
    const rows = query(this.#database, `SELECT ${COLUMNS} FROM records WHERE id > ? ORDER BY id LIMIT ?`);
    return rows.all(no, limit).map((row) => this.#request(row));
  }

  /** All requests by client, those of one client in order. @param first number of a client @param end one past the last */
  *byClient(first = 0, end = ALL): Iterable<StoredRequest[]> {
    let own: StoredRequest[] = [];
    const rows = query(
      this.#database,
      ofClients(
        requestColumns('r').replace('r.client', 'o.client'),
        'o.client >= ?1 AND o.client < ?2 AND r.id <= ?3',
        'ORDER BY o.client',
      ),
    );
    for (const row of rows.iterate(first, end, this.until)) {
      const client = num(row[1]);
      if (own[0] !== undefined && own[0].client !== client) {
        yield this.#inOrder(own);
        own = [];
      }
      own.push(this.#request(row, own[0]?.clientId));
    }
    if (own.length > 0) yield this.#inOrder(own);
  }

  /** Whether nobody knows what a product is: no table names it, and its N-policy does not tell. */
  isStranger({ activationId, pool }: Pick<StoredRequest, 'activationId' | 'pool'>): boolean {
    return pool === undefined && !this.#catalogue.isNamed(activationId);
  }

  /** Time of the last request of a client for a product by a machine, up to a time; undefined if there is none. */
  lastUntil(client: number, product: number, machine: number | undefined, until: number): StoredRequest | undefined {
    return this.ofClient(client, this.#names.clients.guidOf(client)).findLast(
      (one) => one.product === product && one.time <= until && (machine ?? one.machineNo) === one.machineNo,
    );
  }

  /** Puts requests of one client id in order, and finds the machines of names that fit several. */
  #inOrder(requests: StoredRequest[]): StoredRequest[] {
    const { machines } = this.#names;
    requests.sort(compareRecords);
    if (!requests.some(({ machineNo }) => machines.isAmbiguous(machineNo))) return requests;
    const names = requests.map(({ machine }) => machine);
    const behind = machinesBehind(names, (bare) => machines.variants(machines.no(bare)).map((no) => machines.name(no)));
    return requests.map((request, index) => {
      const machine = behind[index] ?? request.machine;
      return machine === request.machine ? request : { ...request, machine, machineNo: machines.no(machine) };
    });
  }

  #request(row: Row, clientId?: string): StoredRequest {
    return requestOf(row, this.#names, this.#catalogue, clientId ?? this.#names.clients.guidOf(num(row[1])));
  }
}

/** @param row that begins with the columns of `requestColumns` */
export function requestOf(
  row: Row,
  names: Pick<Names, 'hosts' | 'products' | 'machines'>,
  catalogue: ProductCatalogue,
  clientId: string,
): StoredRequest {
  const [no, client, time, host, log, recordId, product, machine, nPolicy, hresult, status, minutes, virtual] = row;
  const activationId = names.products.name(num(product));
  const machineNo = names.machines.machineOf(num(machine));
  const cls = catalogue.classOf(activationId, num(nPolicy));
  return {
    no: num(no),
    time: secs(time),
    host: names.hosts.name(num(host)),
    log: LOGS[num(log)] ?? 'kms',
    recordId: num(recordId),
    machine: names.machines.name(machineNo),
    clientId,
    activationId,
    cls,
    pool: poolOf(cls),
    nPolicy: num(nPolicy),
    hresult: num(hresult),
    status: num(status),
    minutes: num(minutes),
    virtual: virtual === 1,
    clientTime: maybeSecs(row[13]),
    client: num(client),
    product: num(product),
    machineNo,
    hostNo: num(host),
  };
}
