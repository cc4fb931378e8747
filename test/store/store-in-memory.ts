import { DatabaseSync } from 'node:sqlite';
import type { ActivationRequest, EventBody, EventRecord, LogName } from '../../src/activations/types.ts';
import { seconds } from '../../src/kernel/time.ts';
import type { KeyCount } from '../../src/leases/reported.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { transaction } from '../../src/store/database/transaction.ts';
import type { RowLimits } from '../../src/store/leases/lease-rows.ts';
import { Projection } from '../../src/store/leases/projection.ts';
import { historyOf, State } from '../../src/store/leases/state.ts';
import { hostName } from '../support/host-name.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

/** Seconds since the epoch. */
export const NOW = 1_780_000_000;
export const HOST = 'kms1.corp.test';
/** Activation ids. */
export const PRO = '2de67392-b7a7-462a-b1ca-108dd189f588';
export const ENTERPRISE = '73111121-5638-40f6-bc11-f1d7b0d64300';
export const SERVER = '7482e61b-c589-4b7f-8ecc-46d455ac3b87';
export const ACCESS = '67c0fc0c-deba-401b-bf8b-9c8ad8395804';
export const EXCEL = 'c3e65d36-141f-4d2f-a303-a842ee756a29';
/** Of no table. */
export const NOBODYS = '00000000-0000-4000-8000-00000000aaaa';

/** An empty database with the schema of today. */
export function memoryDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  return database;
}

/** What the keys of a host count, one for each pool. */
export function keyCounts(windows: number | undefined, office?: number): KeyCount[] {
  return [
    { key: '661f7658-7035-4b4c-9f35-010682943ec2', pool: 'windows', clients: windows },
    { key: '47f3b983-7c53-4d45-abc6-bcd91e2dd90a', pool: 'office', clients: office },
  ];
}

/** What a request says, as far as it matters; all else is as a healthy Windows client has it. */
export interface RequestFacts extends Partial<Omit<ActivationRequest, 'kind' | 'clientId'>> {
  /** Number of the client id: 1 unless said otherwise, on the machine `ws1.corp.test` then. */
  readonly client?: number;
  readonly host?: string;
  readonly log?: LogName;
  /** That of the client unless said otherwise, so that clients may ask in one second. */
  readonly recordId?: number;
  readonly time?: number;
}

export function clientId(client: number): string {
  return `c0000000-0000-4000-8000-${client.toString(16).padStart(12, '0')}`;
}

export function requestRecord({
  client = 1,
  host = HOST,
  log = 'kms',
  recordId,
  time = NOW,
  ...body
}: RequestFacts = {}) {
  return {
    host: hostName(host),
    log,
    recordId: recordId ?? client,
    time: seconds(time),
    body: { ...requestBody(client, time), ...(needsFive(body.activationId) ? { nPolicy: 5 } : {}), ...body },
  } satisfies EventRecord;
}

export function noticeRecord(body: Exclude<EventBody, ActivationRequest>, time = NOW, recordId = 1): EventRecord {
  return { host: hostName(HOST), log: 'application', recordId, time: seconds(time), body };
}

/** What is no Windows client never asks with 25. */
function needsFive(activationId = PRO): boolean {
  return activationId === SERVER || activationId === ACCESS || activationId === EXCEL;
}

function requestBody(client: number, time: number): ActivationRequest {
  return {
    kind: 'request',
    hresult: 0,
    nPolicy: 25,
    machine: `ws${client}.corp.test`,
    clientId: clientId(client),
    clientTime: seconds(time),
    virtual: false,
    status: 1,
    minutes: 250_000,
    activationId: PRO,
  };
}

/** The state of leases in a database in memory, changed batch by batch as the writer does it. */
export class StoreInMemory {
  readonly database: DatabaseSync;
  readonly state: State;
  readonly projection: Projection;

  constructor({
    database = memoryDatabase(),
    settings = DEFAULT_SETTINGS,
    limits,
  }: { database?: DatabaseSync; settings?: typeof DEFAULT_SETTINGS; limits?: RowLimits } = {}) {
    this.database = database;
    this.state = new State(database, historyOf(database), settings, limits === undefined ? {} : { limits });
    this.state.load(seconds(NOW));
    this.projection = new Projection(this.state);
  }

  /** One batch of requests. */
  take(...requests: readonly RequestFacts[]): this {
    return this.takeRecords(requests.map(requestRecord));
  }

  takeRecords(records: readonly EventRecord[]): this {
    transaction(this.database, () => {
      for (const record of records) this.projection.take(record, this.state.names.hosts.no(record.host), NOW);
      this.projection.finish();
      this.state.save();
    });
    return this;
  }

  /** Marks a machine as decommissioned. */
  retire(machine: string, time: number): this {
    const no = this.state.names.machines.no(machine);
    transaction(this.database, () => {
      this.state.exclusions.retire(no, time);
      this.projection.touchMachine(no);
      this.projection.finish();
      this.state.save();
    });
    return this;
  }

  /** The number of the lease of a client and an activation id; 0 if there is none. */
  lease(client = 1, activationId = PRO): number {
    const { clients, products } = this.state.names;
    const { no } = clients.entry(clientId(client), `ws${client}.corp.test`);
    return this.state.table.find(no, products.no(activationId));
  }

  /** Of that lease: 1 superseded, 2 retired, 3 both. */
  exclusion(client = 1, activationId = PRO): number {
    return this.state.table.exclusion(this.lease(client, activationId));
  }

  /** Rows of one column, or of several as arrays. */
  rows(sql: string): unknown[] {
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    const rows = statement.all() as unknown as unknown[][];
    return rows.map((row) => (row.length === 1 ? row[0] : row));
  }
}
