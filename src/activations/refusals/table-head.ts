/** Longer than the line of names of any table of log records. */
const MAX_LINE = 2000;

const SEPARATORS = ['\t', ';', ',', '|'] as const;

const DATE_AND_TIME = /\p{Nd}{1,4}\D{1,3}\p{Nd}{1,2}\D{1,3}\p{Nd}{1,4}.*\p{Nd}{1,2}[:.]\p{Nd}{2}/u;
const NUMBER = /^\p{Nd}{1,5}$/u;
/** In a line of JSON or XML. */
const MARKUP = /"\s*:|<\/|[}\]],?\s*$/;

/** What the first line of a table is cut by; undefined when it is none of a table. */
export function separatorOf(head: string): string | undefined {
  const line = lineAt(head, 0);
  return (
    SEPARATORS.find((separator) => line.split(separator).length > 3) ?? SEPARATORS.find((one) => line.includes(one))
  );
}

/** The cells of the first line, without the quotes around them. */
export function cellsOf(head: string, line = 0): readonly string[] {
  const separator = separatorOf(head);
  if (separator === undefined) return [];
  return lineAt(head, line)
    .split(separator)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/**
 * Event Viewer writes the names of its columns and levels in the language of Windows, and dates as the user likes them:
 * a table is known by a row with a date and, after it, the number of an event.
 */
export function looksLikeEventViewer(head: string): boolean {
  return [0, 1].some((line) => {
    if (MARKUP.test(lineAt(head, line))) return false;
    const cells = cellsOf(head, line);
    const date = cells.findIndex((cell) => DATE_AND_TIME.test(cell));
    const id = cells.findIndex((cell, at) => at > date && NUMBER.test(cell));
    return cells.length >= 4 && date !== -1 && id > date;
  });
}

function lineAt(head: string, index: number): string {
  return (head.split('\n', index + 1)[index] ?? '').slice(0, MAX_LINE);
}
