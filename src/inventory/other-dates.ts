import type { Columns } from './columns.ts';
import { readDate } from './dates/read-date.ts';

/** Rows that are looked at. */
const LOOKED_AT = 200;
/** Numbers of assets and telephones may be read as dates as well. */
const HAS_PARTS = /\d[-/.:年\s]/u;
/** Columns with dates that say nothing of when a machine was seen. */
const OF_OTHER_THINGS =
  /creat|chang|modif|purchas|warrant|install|boot|restart|reboot|password|pwd|expir|enrol|regist|export|added|bought|deploy|deliver|invoice|endof|eol|birth|build|release|first|backup|garantie|gekauft|erstellt/i;

/**
 * Finds columns of dates that no known name has. A list whose dates of a machine's last sign of life stay unread would say
 * of each of them that it was seen today.
 */
export class OtherDates {
  readonly #header: readonly string[];
  /** By the place of a column: whether all it had so far are dates; of others there is no entry. */
  readonly #areDates = new Map<number, boolean>();
  readonly #unknown: readonly number[];
  #rows = 0;

  constructor(header: readonly string[], columns: Columns) {
    this.#header = header;
    const known = new Set([...columns.values()].flat());
    this.#unknown = header.flatMap((name, index) => (known.has(index) || OF_OTHER_THINGS.test(name) ? [] : [index]));
  }

  look(cells: readonly string[]): void {
    if (this.#rows++ >= LOOKED_AT) return;
    for (const index of this.#unknown) {
      if (this.#areDates.get(index) === false) continue;
      const text = cells[index]?.trim() ?? '';
      if (text === '') continue;
      const { kind } = readDate(text);
      if (kind === 'never') continue;
      this.#areDates.set(index, (kind === 'time' || kind === 'numbers') && HAS_PARTS.test(text));
    }
  }

  get names(): readonly string[] {
    return this.#unknown.flatMap((index) => (this.#areDates.get(index) === true ? [this.#header[index] ?? ''] : []));
  }
}
