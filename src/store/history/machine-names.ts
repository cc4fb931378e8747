import type { DatabaseSync } from 'node:sqlite';
import { bareNamesOf, isBare, rangeOfFullNames, sameMachine } from '../../leases/machines.ts';
import { num, type Query, query, text } from '../database/rows.ts';
import { NameIds } from './name-ids.ts';

const NO_VARIANTS: readonly number[] = [];

/** The one FQDN that a bare name means, by the numbers of both, in SQL: as `machineOf`. */
export const ONE_FULL_NAME = '(SELECT bare, min(full) AS full FROM name_variants GROUP BY bare HAVING count(*) = 1)';

/**
 * Numbers for the names of machines, and which of them mean one machine. Only a bare name and an FQDN can be variants of
 * one another, and they are found when the second of the two first occurs, so most names never have any.
 */
export class MachineNames extends NameIds {
  /** FQDNs by the number of a bare name that they have, and the reverse. */
  readonly #full = new Map<number, number[]>();
  readonly #bare = new Map<number, number[]>();
  readonly #regrouped: number[] = [];
  readonly #index: Query;
  readonly #prefixed: Query;
  readonly #relate: Query;

  constructor(database: DatabaseSync) {
    super(database, 'machines');
    this.#index = query(database, 'INSERT INTO machine_search (rowid, name) VALUES (?, ?)');
    this.#prefixed = query(database, 'SELECT id, name FROM machines WHERE name > ? AND name < ?');
    this.#relate = query(database, 'INSERT OR IGNORE INTO name_variants (bare, full) VALUES (?, ?)');
    for (const [bare, full] of query(database, 'SELECT bare, full FROM name_variants').iterate())
      this.#link(num(bare), num(full));
  }

  /** The other names that mean the machine of this name. */
  variants(no: number): readonly number[] {
    return this.#full.get(no) ?? this.#bare.get(no) ?? NO_VARIANTS;
  }

  /** The machine's one name: the FQDN that a bare name fits, if it fits one alone. */
  machineOf(no: number): number {
    const full = this.#full.get(no);
    return full?.length === 1 ? (full[0] ?? no) : no;
  }

  /** Whether a bare name fits several FQDNs: then it depends on the client id which machine it is. */
  isAmbiguous(no: number): boolean {
    return (this.#full.get(no)?.length ?? 0) > 1;
  }

  /** Whether some bare name for this one, or itself, fits several FQDNs. */
  mayBeAmbiguous(no: number): boolean {
    return this.isAmbiguous(no) || this.#bare.get(no)?.some((bare) => this.isAmbiguous(bare)) === true;
  }

  /** How often names turned out to mean another machine, since the start. */
  get regroupings(): number {
    return this.#regrouped.length;
  }

  /** The names of the regroupings since one: each time a bare name, and all FQDNs that it fits. */
  regroupedSince(regrouping: number): readonly number[] {
    return this.#regrouped.slice(regrouping);
  }

  /** Numbers of known names that mean the machine of a name, known itself or not. */
  meaning(name: string): number[] {
    const own = this.find(name);
    return [...(own === undefined ? [] : [own]), ...this.#relatives(name)];
  }

  protected override create(name: string): number {
    const relatives = this.#relatives(name);
    const no = super.create(name);
    this.#index.run(no, name);
    for (const other of relatives) {
      const [bare, full] = isBare(name) ? [no, other] : [other, no];
      this.#relate.run(bare, full);
      this.#link(bare, full);
      this.#regrouped.push(bare, ...this.variants(bare));
    }
    return no;
  }

  #relatives(name: string): number[] {
    if (!isBare(name)) {
      return bareNamesOf(name).flatMap((label) => this.find(label) ?? []);
    }
    return this.#prefixed
      .all(...rangeOfFullNames(name))
      .filter(([, other]) => sameMachine(name, text(other)))
      .map(([no]) => num(no));
  }

  #link(bare: number, full: number): void {
    this.#full.set(bare, [...(this.#full.get(bare) ?? []), full]);
    this.#bare.set(full, [...(this.#bare.get(full) ?? []), bare]);
  }
}
