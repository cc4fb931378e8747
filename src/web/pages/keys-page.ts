import type { KeyPlan } from '../../products/key-plan.ts';
import { type KeysAndProducts, type KeyTableRow, withoutReport } from '../../products/key-table.ts';
import { planWords } from '../../products/key-words.ts';
import { type Html, html } from '../html.ts';
import { table } from './table.ts';
import { badge, NOTHING, type Tone } from './words.ts';

/** Rows of a page; a search for one letter finds hundreds of products. */
const ROWS_SHOWN = 300;

/** Hosts against products. @param found or why there is nothing @param reading `readingPart` */
export function keysMain(
  wanted: string | undefined,
  found: { readonly known: KeysAndProducts; readonly rows: readonly KeyTableRow[] } | string,
  reading: Html,
): Html {
  return html`<h1>Host keys</h1>
<p class="quiet">Each product needs a KMS host key that covers it. Office needs one for each version.</p>
${reading}
<form action="/keys" method="get" role="search" aria-label="Products"><label for="product">Product</label> <input id="product" name="product" type="search" maxlength="256" value="${wanted ?? ''}" placeholder="for example LTSC 2024" autocomplete="off"> <button>Show</button></form>
${typeof found === 'string' ? html`<p class="error" role="alert">${found}</p>` : tables(wanted, found.known, found.rows)}`;
}

function tables(wanted: string | undefined, known: KeysAndProducts, rows: readonly KeyTableRow[]): Html {
  const { hosts } = known;
  const unreported = withoutReport(known);
  const cells = rows.flatMap(productRows);
  const more = cells.length - ROWS_SHOWN;
  const csv = wanted === undefined ? '/keys.csv' : `/keys.csv?product=${encodeURIComponent(wanted)}`;
  return html`<section><h2>Keys of the hosts</h2>${hosts.length === 0 ? html`<p>No host has reported its keys yet: docs/windows.md says how to set up a report.</p>` : hostTable(hosts)}
${unreported.length === 0 ? NOTHING : html`<p>Of these hosts the log alone is known: ${unreported.join(', ')}.</p>`}</section>
<section><h2>Hosts against products</h2>
<p>${wanted === undefined ? 'Products that clients asked for in the last 30 days.' : 'Products that match, also those that nobody asks for yet.'} <a href="${csv}">As CSV</a></p>
${cells.length === 0 ? html`<p>None.</p>` : table('hosts against products', PRODUCT_COLUMNS, cells.slice(0, ROWS_SHOWN))}
${more > 0 ? html`<p>${more} more rows are in the CSV.</p>` : NOTHING}</section>`;
}

function hostTable(hosts: KeysAndProducts['hosts']): Html {
  return table(
    'keys of the hosts',
    [{ title: 'Host' }, { title: 'Windows' }, { title: 'KMS host keys' }],
    hosts.map(({ host, os, keys }) => [
      host,
      os ?? '-',
      keys.length === 0
        ? badge('bad', 'none')
        : html`${keys.map(({ product, licensed }) => html`<div>${product} ${licensed ? NOTHING : badge('bad', 'not activated')}</div>`)}`,
    ]),
  );
}

const PRODUCT_COLUMNS = [{ title: 'Product' }, { title: 'Host' }, { title: 'Covered' }, { title: 'What it takes' }];

function productRows({ product, activationId, asked, note, releases, plans }: KeyTableRow) {
  const ends = releases.map(
    ({ release, supportEnd }) => `${release}${supportEnd === undefined ? '' : ` (support ends ${supportEnd})`}`,
  );
  const name = html`${product}${asked ? NOTHING : html` <span class="quiet">(not asked for)</span>`}<div class="small quiet">${ends.length === 0 ? activationId : ends.join(', ')}</div>`;
  if (note !== undefined) return [[name, '-', badge('bad', 'no'), note]];
  return plans.map((plan) => [name, plan.host, badge(...COVERED[plan.coverage]), planWords(plan)]);
}

const COVERED: Readonly<Record<KeyPlan['coverage'], readonly [Tone, string]>> = {
  yes: ['ok', 'yes'],
  no: ['bad', 'no'],
  some: ['warn', 'some releases'],
  unknown: ['calm', 'not known'],
};
