import type { DatabaseSync } from 'node:sqlite';
import { expiryOf } from '../leases/expiry.ts';
import type { Lease } from '../leases/types.ts';
import { poolOf } from '../products/product.ts';
import { CLASSES, classOf, LOGS } from './catalogue.ts';
import type { Names } from './names.ts';
import { maybe, num, type Query, query, type Row, text } from './rows.ts';
import { NEVER } from './schema.ts';
import { Unwritten, type WriteBehind } from './unwritten.ts';

/** Last contact in each home: a host and one of its pools. */
export type Contacts = ReadonlyMap<number, number>;

/** A lease as it is stored. */
export interface LeaseRow {
  /** Undefined for one that is not stored yet. */
  readonly id: number | undefined;
  readonly client: number;
  readonly product: number;
  /** Bits: 1 superseded, 2 retired. */
  readonly fate: number;
  readonly lease: Lease;
  readonly contacts: Contacts;
}

const FOLDED = ['expiry', 'first', 'confirmed', 'presumed', 'doubt', 'renewal_at', 'renewal_machine'] as const;
const RUN = ['renewal_presumed', 'previous', 'run_start', 'anomalies'] as const;
const LAST = ['last', 'host', 'log', 'record_id', 'machine', 'cls', 'n_policy', 'hresult', 'status'] as const;
const REST = ['minutes', 'virtual', 'client_time', 'home', 'contact', 'contacts'] as const;
const VALUES = [...FOLDED, ...RUN, ...LAST, ...REST] as const;

/** What `readLease` reads. */
export const LEASE_COLUMNS = ['id', 'client', 'product', 'fate', ...VALUES].map((name) => `leases.${name}`).join(', ');

/** Reads and writes leases. What is read is what was saved last, written or not. */
export class LeaseRows {
  readonly #names: Names;
  readonly #unwritten: Unwritten;
  readonly #byId: Query;
  readonly #fate: Query;
  readonly #delete: Query;
  #last: number;

  constructor(database: DatabaseSync, names: Names, behind: WriteBehind) {
    this.#names = names;
    this.#unwritten = new Unwritten(database, VALUES, behind);
    this.#byId = query(database, `SELECT ${LEASE_COLUMNS} FROM leases WHERE id = ?`);
    this.#fate = query(database, 'UPDATE leases SET fate = ? WHERE id = ?');
    this.#delete = query(database, 'DELETE FROM leases WHERE id = ?');
    this.#last = num(query(database, 'SELECT coalesce(max(id), 0) FROM leases').get()?.[0]);
  }

  /** @param clientId where it is known, to spare a look */
  get(id: number, clientId?: string): LeaseRow | undefined {
    const row = this.#unwritten.get(id) ?? this.#byId.get(id);
    return row === undefined
      ? undefined
      : readLease(row, this.#names, clientId ?? this.#names.clients.guidOf(num(row[1])));
  }

  /** @param hasMoved its machine is another than before @returns the lease's number */
  save(row: LeaseRow, hasMoved: boolean): number {
    const id = row.id ?? this.#last + 1;
    if (row.id === undefined) this.#last = id;
    this.#unwritten.put(id, this.#valuesOf(id, row), { isNew: row.id === undefined, hasMoved });
    return id;
  }

  setFate(id: number, fate: number): void {
    if (!this.#unwritten.setFate(id, fate)) this.#fate.run(fate, id);
  }

  /** Of one that is written. */
  delete(id: number): void {
    this.#delete.run(id);
  }

  get unwritten(): Pick<Unwritten, 'size' | 'listed' | 'commit' | 'write'> {
    return this.#unwritten;
  }

  #valuesOf(id: number, { client, product, fate, lease, contacts }: LeaseRow): Row {
    const { last, renewal } = lease;
    const { machines, hosts } = this.#names;
    const [home, contact, others] = packContacts(contacts);
    return [
      id,
      client,
      product,
      fate,
      expiryOf(lease)?.time ?? NEVER,
      lease.first,
      lease.confirmed ?? null,
      lease.presumed ?? null,
      lease.doubt ? 1 : 0,
      renewal?.time ?? null,
      renewal === undefined ? null : machines.no(renewal.machine),
      renewal === undefined ? null : Number(renewal.presumed),
      lease.previous ?? null,
      lease.runStart,
      lease.anomalies,
      last.time,
      hosts.no(last.host),
      last.log === 'kms' ? 1 : 0,
      last.recordId,
      machines.no(last.machine),
      CLASSES.indexOf(last.cls),
      last.nPolicy,
      last.hresult,
      last.status,
      last.minutes,
      last.virtual ? 1 : 0,
      last.clientTime ?? null,
      home,
      contact,
      others,
    ];
  }
}

/** @param row of `LEASE_COLUMNS` */
export function readLease(row: Row, names: Pick<Names, 'hosts' | 'products' | 'machines'>, clientId: string): LeaseRow {
  const [
    id,
    client,
    product,
    fate,
    ,
    first,
    confirmed,
    presumed,
    doubt,
    renewalAt,
    renewalMachine,
    renewalPresumed,
    previous,
    runStart,
    anomalies,
    last,
    host,
    log,
    recordId,
    machine,
    cls,
    nPolicy,
    hresult,
    status,
    minutes,
    virtual,
    clientTime,
    home,
    contact,
    others,
  ] = row;
  const activationId = names.products.name(num(product));
  const name = classOf(num(cls));
  return {
    id: num(id),
    client: num(client),
    product: num(product),
    fate: num(fate),
    contacts: unpackContacts(maybe(home), maybe(contact), others === null ? undefined : text(others)),
    lease: {
      clientId,
      activationId,
      first: num(first),
      confirmed: maybe(confirmed),
      presumed: maybe(presumed),
      doubt: doubt === 1,
      renewal:
        renewalAt === null
          ? undefined
          : {
              time: num(renewalAt),
              machine: names.machines.name(num(renewalMachine)),
              presumed: renewalPresumed === 1,
            },
      previous: maybe(previous),
      runStart: num(runStart),
      anomalies: num(anomalies),
      last: {
        time: num(last),
        host: names.hosts.name(num(host)),
        log: LOGS[num(log)] ?? 'kms',
        recordId: num(recordId),
        machine: names.machines.name(num(machine)),
        clientId,
        activationId,
        cls: name,
        pool: poolOf(name),
        nPolicy: num(nPolicy),
        hresult: num(hresult),
        status: num(status),
        minutes: num(minutes),
        virtual: virtual === 1,
        clientTime: maybe(clientTime),
      },
    },
  };
}

/** Nearly every client asks one host in one pool, so that is two columns; the others are a text. */
function packContacts(contacts: Contacts): readonly [number | null, number | null, string | null] {
  let home: number | undefined;
  for (const [other, time] of contacts) {
    if (home === undefined || time > (contacts.get(home) ?? 0)) home = other;
  }
  if (home === undefined) return [null, null, null];
  const others = contacts.size === 1 ? null : JSON.stringify([...contacts].filter(([other]) => other !== home));
  return [home, contacts.get(home) ?? null, others];
}

export function unpackContacts(
  home: number | undefined,
  contact: number | undefined,
  others: string | undefined,
): Contacts {
  const rest: readonly (readonly [number, number])[] = others === undefined ? [] : JSON.parse(others);
  return new Map(home === undefined || contact === undefined ? rest : [[home, contact], ...rest]);
}
