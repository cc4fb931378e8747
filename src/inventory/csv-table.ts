import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { columnKey } from './column-names.ts';
import { columnsOf } from './columns.ts';
import { separatorOf } from './separator.ts';
import { MAX_COLUMNS, type Table } from './table.ts';

/** Titles and dates of a report may come first. */
const HEADER_WITHIN_ROWS = 20;
const LONGEST_ROW = 1024 * 1024;
/** Of a row within quotes: longer ones are texts. */
const LONGEST_INNER_ROW = 16 * 1024;

/** Reads separated values, or names one a line. @param text in pieces, the first of which holds the header */
export async function csvTable(text: Iterable<string>): Promise<Table> {
  const rows = csvRows(text);
  const first: (readonly string[])[] = [];
  while (first.length < HEADER_WITHIN_ROWS) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
    if (columnsOf(next.value).size > 0) {
      return { form: 'csv', header: next.value, rows: withoutRepeats(rows, next.value), morePages: false };
    }
  }
  const alone = first.length > 0 && first.every((row) => row.filter((cell) => cell.trim() !== '').length <= 1);
  if (alone) return { form: 'names', header: ['name'], rows: chain(first, rows), morePages: false };
  await rows.return(undefined);
  return { form: 'csv', header: first[0] ?? [], rows: [], morePages: false };
}

async function* csvRows(text: Iterable<string>): AsyncGenerator<readonly string[], undefined> {
  const [beginning, pieces] = split(text);
  const { separator, start } = separatorOf(beginning);
  const parser = parse({
    delimiter: separator,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
  });
  const source = Readable.from(chain([beginning.slice(start)], pieces));
  source.pipe(parser);
  try {
    for await (const row of withoutOuterQuotes(parser, separator)) {
      yield row.length > MAX_COLUMNS ? row.slice(0, MAX_COLUMNS) : row;
    }
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** The first piece, and the others. */
function split(text: Iterable<string>): readonly [string, Iterable<string>] {
  const pieces = text[Symbol.iterator]();
  const first = pieces.next();
  return [first.done === true ? '' : first.value, { [Symbol.iterator]: () => pieces }];
}

/**
 * A spreadsheet that takes a file of another separator for one column writes each row as one value in quotes. A name has
 * no separator in it, so a row with nothing but such a value, of as many values as the header, is the row that it was.
 * @param outer the separator of the file as it is
 */
async function* withoutOuterQuotes(rows: AsyncIterable<string[]>, outer: string): AsyncGenerator<readonly string[]> {
  let header: Header | undefined;
  for await (const row of rows) {
    const inner = rowWithin(row, header?.separator);
    if (header === undefined) {
      header = headerOf(inner, separatorOf(row[0] ?? '').separator) ?? headerOf(row, outer);
      yield inner !== undefined && header?.width === inner.length ? inner : row;
      continue;
    }
    yield inner?.length === header.width ? inner : row;
  }
}

interface Header {
  readonly separator: string;
  readonly width: number;
}

function headerOf(row: readonly string[] | undefined, separator: string): Header | undefined {
  return row !== undefined && columnsOf(row).size > 0 ? { separator, width: row.length } : undefined;
}

/** @returns the row that the only value of a row is, if it is one of several values */
function rowWithin([cell = '', ...others]: readonly string[], separator?: string): readonly string[] | undefined {
  const delimiter = separator ?? separatorOf(cell).separator;
  if (cell.length > LONGEST_INNER_ROW || !cell.includes(delimiter) || others.some((other) => other.trim() !== ''))
    return;
  try {
    const [row, ...more]: string[][] = parseAtOnce(cell, { delimiter, relax_quotes: true, relax_column_count: true });
    return row !== undefined && row.length > 1 && more.length === 0 ? row : undefined;
  } catch {
    return undefined;
  }
}

/** Files that were put together have their headers and `#TYPE` lines again between rows. */
async function* withoutRepeats(rows: AsyncIterable<readonly string[]>, header: readonly string[]) {
  const keys = header.map(columnKey);
  for await (const row of rows) {
    if (row[0]?.startsWith('#TYPE ')) continue;
    if (columnKey(row[0] ?? '') === keys[0] && row.every((cell, index) => columnKey(cell) === (keys[index] ?? '')))
      continue;
    yield row;
  }
}

async function* chain<T>(first: Iterable<T>, rest: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* rest;
}
