import { setImmediate } from 'node:timers/promises';
import type { Seconds } from '../kernel/time.ts';
import type { Role } from './column-names.ts';
import { type Columns, columnsOf, isAboutLicences } from './columns.ts';
import { DateColumn, latestOf } from './dates/date-column.ts';
import type { DateReading } from './dates/types.ts';
import { DATE_REMEDY, openQuestion } from './dates/words.ts';
import { fold } from './fold.ts';
import { readLicence } from './licence.ts';
import { Omissions } from './omissions.ts';
import { OtherDates } from './other-dates.ts';
import { type RowMachine, readRow } from './read-row.ts';
import type { Table } from './table.ts';
import type { ColumnUse, Inventory, InventoryMachine, LicenceRow } from './types.ts';

/** A row that has a name, until the whole column says what its dates mean. */
interface Pending {
  readonly row: number;
  readonly machine: RowMachine;
  /** In the order of the columns of dates. */
  readonly dates: readonly DateReading[];
  readonly licence: LicenceRow | undefined;
}

/** Rows read in one turn of the event loop. */
export const ROWS_A_TURN = 1000;

const DATE_ROLES: readonly Role[] = ['seen', 'collected'];
const NAME_REMEDY = 'write the name of the machine, as DNSHostName or Name of the directory have it';
const ID_REMEDY = 'export the activation id too: ID of SoftwareLicensingProduct, Sku of VAMT';

/** Takes the rows of a table one by one. What their dates mean is known when all of them are there. */
export class TableReader {
  readonly #table: Table;
  readonly #readAt: Seconds;
  readonly #columns: Columns;
  readonly #dateColumns: readonly { readonly index: number; readonly column: DateColumn }[];
  readonly #omissions = new Omissions();
  /** Looked for where no column says when a machine was seen. */
  readonly #otherDates: OtherDates | undefined;
  readonly #pending: Pending[] = [];
  #rows = 0;

  /** @param readAt when the source was written or sent */
  constructor(table: Table, readAt: Seconds) {
    this.#table = table;
    this.#readAt = readAt;
    this.#columns = columnsOf(table.header);
    const indexes = DATE_ROLES.flatMap((role) => this.#columns.get(role) ?? []);
    this.#dateColumns = indexes.map((index) => ({ index, column: new DateColumn() }));
    if (indexes.length === 0) this.#otherDates = new OtherDates(table.header, this.#columns);
  }

  add(cells: readonly string[]): void {
    if (cells.every((cell) => cell.trim() === '')) return;
    this.#rows++;
    const row = this.#rows;
    this.#otherDates?.look(cells);
    // Dates of rows that are left out decide day and month as well: they were written by the same program.
    const dates = this.#dateColumns.map(({ index, column }) => column.read(cells[index] ?? '', row));
    const reading = readRow(cells, this.#columns);
    if (reading.kind === 'left_out') {
      this.#omissions.leaveOut(reading.reason, reading.name);
      return;
    }
    if (reading.kind === 'refused') {
      this.#omissions.refuse({ row, reason: reading.reason, remedy: NAME_REMEDY });
      return;
    }
    const licence = isAboutLicences(this.#columns) ? readLicence(cells, this.#columns, null) : undefined;
    if (isAboutLicences(this.#columns) && licence === undefined) {
      this.#omissions.refuse({ row, reason: 'it has no activation id', remedy: ID_REMEDY });
      return;
    }
    this.#pending.push({ row, machine: reading.machine, dates, licence });
  }

  /** @param now nothing was seen more than a day after it */
  async finish(now: Seconds): Promise<Inventory> {
    const machines: InventoryMachine[] = [];
    for (const [index, pending] of this.#pending.entries()) {
      const machine = this.#settled(pending, now);
      if (machine !== undefined) machines.push(machine);
      if (index % ROWS_A_TURN === 0) await setImmediate();
    }
    return {
      form: this.#table.form,
      columns: this.#uses(),
      dated: this.#dateColumns.length > 0,
      otherDates: this.#otherDates?.names ?? [],
      rows: this.#rows,
      machines: fold(machines),
      leftOut: this.#omissions.leftOut(),
      refused: this.#omissions.refused,
      refusals: this.#omissions.refusals(),
      morePages: this.#table.morePages,
    };
  }

  /** @returns nothing if the row is refused for its dates */
  #settled({ row, machine, dates, licence }: Pending, now: Seconds): InventoryMachine | undefined {
    const times: (readonly Seconds[])[] = [];
    for (const [index, { column }] of this.#dateColumns.entries()) {
      const date = column.settle(dates[index] ?? { kind: 'never' }, now);
      if (date.kind === 'times') times.push(date.times);
      if (date.kind === 'bad') {
        this.#omissions.refuse({ row, reason: `${machine.machine}: ${date.reason}`, remedy: DATE_REMEDY });
        return undefined;
      }
    }
    const latest = latestOf(times);
    if (latest.length > 1) {
      const reason = `${machine.machine}: ${openQuestion(latest)}`;
      this.#omissions.refuse({ row, reason, remedy: DATE_REMEDY });
      return undefined;
    }
    const at = latest[0] ?? null;
    const seen = this.#dateColumns.length === 0 ? this.#readAt : at;
    return { ...machine, seen, licences: licence === undefined ? [] : [{ ...licence, at }] };
  }

  #uses(): readonly ColumnUse[] {
    const notes = new Map(this.#dateColumns.map(({ index, column }) => [index, column.note()]));
    return [...this.#columns].flatMap(([role, indexes]) =>
      indexes.map((index) => ({ column: this.#table.header[index] ?? '', role, note: notes.get(index) ?? null })),
    );
  }
}
