import { type Html, html } from '../html.ts';

/** The kind of a column: numbers stand under each other. */
export interface Column {
  readonly title: string | Html;
  readonly kind?: 'number';
  /** For those who hear the page: in which order the column is. */
  readonly sorted?: 'ascending' | 'descending';
}

/** A cell, or the name of its row. */
export type Cell = Html | string | number;

/**
 * A table that a narrow screen scrolls by itself.
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
  return html`<tr><th scope="row">${first}</th>${rest.map((cell, index) =>
    columns[index + 1]?.kind === 'number' ? html`<td class="n">${cell}</td>` : html`<td>${cell}</td>`,
  )}</tr>
`;
}
