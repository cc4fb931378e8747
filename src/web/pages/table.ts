import { type Html, html } from '../html.ts';

/** The kind of a column: numbers are aligned. */
export interface Column {
  readonly title: string | Html;
  /** The title where a narrow screen has it beside each cell; needed when the title is more than text. */
  readonly label?: string;
  readonly kind?: 'number';
  /** For those who hear the page: in which order the column is. */
  readonly sorted?: 'ascending' | 'descending';
}

/** A cell, or the name of its row. */
export type Cell = Html | string | number;

/**
 * A table that scrolls by itself where it is too wide; on a phone each row is a card.
 * @param label what it is, for those who hear the page
 */
export function table(label: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="Table: ${label}" tabindex="0"><table><thead><tr>${columns.map(head)}</tr></thead>
<tbody>${rows.map((cells) => row(columns, cells))}</tbody></table></div>`;
}

function head({ title, kind, sorted }: Column): Html {
  const order = sorted === undefined ? html`` : html` aria-sort="${sorted}"`;
  return kind === 'number'
    ? html`<th scope="col" class="n"${order}>${title}</th>`
    : html`<th scope="col"${order}>${title}</th>`;
}

function row(columns: readonly Column[], cells: readonly Cell[]): Html {
  const [first = '', ...rest] = cells;
  return html`<tr><th scope="row">${first}</th>${rest.map((cell, index) => {
    const { title = '', label = title, kind } = columns[index + 1] ?? {};
    const beside = typeof label === 'string' ? label : '';
    return kind === 'number'
      ? html`<td class="n" data-label="${beside}">${cell}</td>`
      : html`<td data-label="${beside}">${cell}</td>`;
  })}</tr>
`;
}
