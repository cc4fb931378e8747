import type { DatabaseSync } from 'node:sqlite';
import { bareNamesOf, isBare, sameMachine } from '../../leases/machines.ts';
import { num, type Query, query, text } from '../database/rows.ts';

const CACHED = 20_000;
/** A bare name of this length may be a longer one cut off. */
const NETBIOS_LENGTH = 15;
const NO_VARIANTS: readonly number[] = [];

/**
 * Numbers for the names of machines, and which of them mean one machine. Only a bare name and an FQDN can be variants of
 * one another, and they are found when the second of the two first occurs, so most names never have any.
 */
export class MachineNames {
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();
  readonly #variants = new Map<number, number[]>();
  readonly #find: Query;
  readonly #name: Query;
  readonly #insert: Query;
  readonly #index: Query;
  readonly #prefixed: Query;
  readonly #relate: Query;

  constructor(database: DatabaseSync) {
    this.#find = query(database, 'SELECT id FROM machines WHERE name = ?');
    this.#name = query(database, 'SELECT name FROM machines WHERE id = ?');
    this.#insert = query(database, 'INSERT INTO machines (name) VALUES (?)');
    this.#index = query(database, 'INSERT INTO machine_search (rowid, name) VALUES (?, ?)');
    this.#prefixed = query(database, 'SELECT id, name FROM machines WHERE name > ? AND name < ?');
    this.#relate = query(database, 'INSERT OR IGNORE INTO name_variants (bare, full) VALUES (?, ?)');
    for (const [bare, full] of query(database, 'SELECT bare, full FROM name_variants').iterate())
      this.#link(num(bare), num(full));
  }

  /** The number of a name, which is taken down when it is new. */
  no(name: string): number {
    return this.find(name) ?? this.#create(name);
  }

  find(name: string): number | undefined {
    const cached = this.#numbers.get(name);
    if (cached !== undefined) return cached;
    const row = this.#find.get(name);
    if (row !== undefined) this.remember(num(row[0]), name);
    return row === undefined ? undefined : num(row[0]);
  }

  name(no: number): string {
    const cached = this.#names.get(no);
    if (cached !== undefined) return cached;
    const name = text(this.#name.get(no)?.[0]);
    this.remember(no, name);
    return name;
  }

  isBare(no: number): boolean {
    return isBare(this.name(no));
  }

  /** The other names that mean the machine of this name. */
  variants(no: number): readonly number[] {
    return this.#variants.get(no) ?? NO_VARIANTS;
  }

  /** Numbers of known names that mean the machine of a name, known itself or not. */
  meaning(name: string): number[] {
    const own = this.find(name);
    return [...(own === undefined ? [] : [own]), ...this.#relatives(name)];
  }

  #create(name: string): number {
    const relatives = this.#relatives(name);
    const no = this.#insert.insert(name);
    this.#index.run(no, name);
    this.remember(no, name);
    for (const other of relatives) {
      const [bare, full] = isBare(name) ? [no, other] : [other, no];
      this.#relate.run(bare, full);
      this.#link(bare, full);
    }
    return no;
  }

  #relatives(name: string): number[] {
    if (!isBare(name)) {
      return bareNamesOf(name).flatMap((label) => this.find(label) ?? []);
    }
    // An FQDN that it is the first label of, or cut off from.
    const end = name.length === NETBIOS_LENGTH ? '\u{10ffff}' : '/';
    return this.#prefixed
      .all(end === '/' ? `${name}.` : name, `${name}${end}`)
      .filter(([, other]) => sameMachine(name, text(other)))
      .map(([no]) => num(no));
  }

  #link(bare: number, full: number): void {
    this.#variants.set(bare, [...this.variants(bare), full]);
    this.#variants.set(full, [...this.variants(full), bare]);
  }

  /** Spares a reading. */
  remember(no: number, name: string): void {
    if (this.#names.has(no)) return;
    if (this.#numbers.size >= CACHED) this.#numbers.clear();
    if (this.#names.size >= CACHED) this.#names.clear();
    this.#numbers.set(name, no);
    this.#names.set(no, name);
  }
}
