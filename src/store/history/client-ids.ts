import type { DatabaseSync } from 'node:sqlite';
import { guidBytes, guidText } from '../../kernel/guid.ts';
import { lastId, num, type Query, query, type Row, text } from '../database/rows.ts';
import type { MachineNames } from './machine-names.ts';

/** A client id, and what is known of its names. */
export interface ClientEntry {
  readonly no: number;
  /** Nothing of it was known before this batch. */
  fresh: boolean;
  machine: number;
  machineName: string;
  /** It asked under other names too. */
  renamed: boolean;
}

/** Enough for some batches; then it is emptied. */
const CACHED = 20_000;

/** Numbers for client ids. */
export class ClientIds {
  readonly #names: MachineNames;
  readonly #entries = new Map<string, ClientEntry>();
  readonly #find: Query;
  readonly #insert: Query;
  readonly #update: Query;
  readonly #guid: Query;
  #last: number;

  constructor(database: DatabaseSync, names: MachineNames) {
    this.#names = names;
    this.#find = query(database, 'SELECT id, machine, name, renamed FROM clients WHERE guid = ?');
    this.#insert = query(database, 'INSERT INTO clients (guid, id, machine, name) VALUES (?, ?, ?, ?)');
    this.#update = query(database, 'UPDATE clients SET machine = ?, name = ?, renamed = ? WHERE id = ?');
    this.#last = lastId(database, 'clients');
    this.#guid = query(database, 'SELECT guid FROM clients WHERE id = ?');
  }

  find(guid: string): ClientEntry | undefined {
    const cached = this.#entries.get(guid);
    if (cached !== undefined) return cached;
    const row = this.#find.get(guidBytes(guid));
    return row === undefined ? undefined : this.#keep(guid, known(row));
  }

  /** @param machine the name under which it asks, taken down when the client is new */
  entry(guid: string, machine: string): ClientEntry {
    return this.find(guid) ?? this.#keep(guid, this.#create(guidBytes(guid), machine));
  }

  save({ no, machine, machineName, renamed }: ClientEntry): void {
    this.#update.run(machine, machineName, renamed ? 1 : 0, no);
  }

  guidOf(no: number): string {
    const bytes = this.#guid.get(no)?.[0];
    return bytes instanceof Uint8Array ? guidText(bytes) : '';
  }

  #keep(guid: string, entry: ClientEntry): ClientEntry {
    if (this.#entries.size >= CACHED) this.#entries.clear();
    this.#entries.set(guid, entry);
    return entry;
  }

  #create(bytes: Uint8Array, machineName: string): ClientEntry {
    const machine = this.#names.no(machineName);
    this.#last += 1;
    const no = this.#last;
    this.#insert.run(bytes, no, machine, machineName);
    return { no, fresh: true, machine, machineName, renamed: false };
  }
}

function known([no, machine, name, renamed]: Row): ClientEntry {
  return {
    no: num(no),
    fresh: false,
    machine: num(machine),
    machineName: text(name),
    renamed: renamed === 1,
  };
}
