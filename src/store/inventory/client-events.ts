import type { DatabaseSync } from 'node:sqlite';
import type { ClientEvent, EventRecord } from '../../activations/types.ts';
import type { LicenceRow } from '../../inventory/types.ts';
import { type Query, query } from '../database/rows.ts';
import { EVENTS_SOURCE } from './inventory-part.ts';
import { ClientWords, type Hear, sourceNo } from './take-part.ts';

/** Events that clients write into their own logs, if somebody forwards them. */
export class ClientEvents {
  readonly #words: ClientWords;
  readonly #known: Query;
  readonly #see: Query;
  readonly #ask: Query;
  readonly #read: Query;
  readonly #database: DatabaseSync;
  #sourceNo: number | undefined;

  constructor(database: DatabaseSync, hear: Hear) {
    this.#words = new ClientWords(database, hear);
    this.#known = query(
      database,
      'INSERT OR IGNORE INTO client_events (machine, time, log, record_id) VALUES (?, ?, ?, ?)',
    );
    this.#see = query(
      database,
      `INSERT INTO inventory_rows (source, machine, seen, word_at, disabled) VALUES (?1, ?2, ?3, ?3, 0)
       ON CONFLICT DO UPDATE SET seen = max(seen, ?3), word_at = max(word_at, ?3)`,
    );
    this.#ask = query(
      database,
      `INSERT INTO client_asks (machine, asked_at, answered_at, failed_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT DO UPDATE SET asked_at = max(asked_at, ?2), answered_at = max(answered_at, ?3),
         failed_at = max(failed_at, ?4)`,
    );
    this.#read = query(database, 'UPDATE inventory_sources SET read_at = max(read_at, ?2) WHERE id = ?1');
    this.#database = database;
  }

  /** Entered with the first event. */
  get #source(): number {
    this.#sourceNo ??= sourceNo(this.#database, EVENTS_SOURCE);
    return this.#sourceNo;
  }

  /** @returns false if it is known */
  take({ host: machine, time, log, recordId }: EventRecord, event: ClientEvent): boolean {
    if (this.#known.run(machine, time, log, recordId) === 0) return false;
    this.#see.run(this.#source, machine, time);
    this.#read.run(this.#source, time);
    const { eventId, hresult, activationId, answered, licences } = event;
    const failed = hresult === 0 && answered !== false ? 0 : time;
    if (eventId === 12288) this.#ask.run(machine, time, 0, failed);
    if (eventId === 12289) this.#ask.run(machine, 0, failed === 0 ? time : 0, failed);
    if (eventId === 8198) this.#ask.run(machine, 0, 0, failed);
    if (eventId === 12308 && activationId !== null)
      this.#words.put(machine, { ...LICENSED, activationId, way: 'directory', at: time }, time);
    for (const { activationId: id, minutes } of licences)
      this.#words.put(machine, { ...LICENSED, activationId: id, minutesLeft: minutes, at: time }, time);
    return true;
  }
}

const LICENSED: Omit<LicenceRow, 'activationId' | 'at'> = {
  ...{ product: null, status: 'licensed', minutesLeft: null, way: null, hostKey: false },
  ...{ configuredHost: null, discoveredHost: null },
};
