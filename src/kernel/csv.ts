export type CsvCell = string | number | boolean | null;

/** What may separate cells. Spreadsheets whose decimal sign is a comma open a file by a double click if it is `;`. */
export const CSV_SEPARATORS = [',', ';'] as const;
export type CsvSeparator = (typeof CSV_SEPARATORS)[number];

/** The first line: a byte-order mark, so that a spreadsheet takes the file for UTF-8, and the names of the columns. */
export function csvHead(fields: readonly string[], separator: CsvSeparator = ','): string {
  return `\u{feff}${csvRow(fields, separator)}`;
}

/**
 * A row of RFC 4180 with its line end. A time in RFC 3339 becomes one that spreadsheets know, in UTC; a text that they
 * would take for a formula gets an apostrophe before it.
 */
export function csvRow(cells: readonly CsvCell[], separator: CsvSeparator = ','): string {
  return `${cells.map(cell).join(separator)}\r\n`;
}

function cell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value.replace(TIME, '$1 $2');
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$/;
