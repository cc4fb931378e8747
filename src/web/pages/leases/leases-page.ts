import type { HostName } from '../../../kernel/host-name.ts';
import { type Seconds, seconds } from '../../../kernel/time.ts';
import { counted } from '../../../kernel/words.ts';
import { isUntold, type LeaseJson } from '../../../leases/lease-json.ts';
import type { LeasePage, LeaseSort } from '../../../store/queries.ts';
import { type Html, html } from '../../html.ts';
import { stillReading } from '../still-reading.ts';
import { type Cell, type Column, table } from '../table.ts';
import { shortTime } from '../times.ts';
import { badge, clientLink, NOTHING, name, stateBadge } from '../words.ts';
import { type Asked, type Choices, filterForm, leasesPath } from './filters.ts';

export interface LeasesSnapshot {
  readonly asked: Asked;
  readonly choices: Choices;
  /** Or what is wrong with the question, or with the store. */
  readonly found: LeasePage | string;
  /** Hosts whose history is still coming in, with the event time until which it has come. */
  readonly reading: ReadonlyMap<HostName, Seconds>;
  /** Seconds since the epoch, by the clock of the records. */
  readonly now: Seconds;
}

/** One page of the list of leases. */
export function leasesMain({ asked, choices, found, reading, now }: LeasesSnapshot): Html {
  return html`<h1>Leases</h1>
<p class="quiet">One for each machine and product. To see superseded and retired leases, select their state.</p>
${stillReading(reading, now)}
${filterForm(asked, choices)}
${typeof found === 'string' ? html`<p class="error" role="alert">${found}</p>` : list(asked, found, now)}`;
}

function list(asked: Asked, found: LeasePage, now: Seconds): Html {
  const { leases, next_cursor: next } = found;
  if (leases.length === 0) {
    return html`<p>No lease matches.${asked['client'] === undefined ? NOTHING : html` Why a machine may be missing: ${clientLink(asked['client'])}.`}</p>`;
  }
  const count = counted(leases.length, 'lease');
  const isAll = found.previous_cursor === null && next === null;
  const words = isAll ? `${count}.` : `${count} on this page${next === null ? ' (last page)' : '; there are more'}.`;
  return html`<div class="over"><p class="quiet" id="count">${words}</p>${isAll ? NOTHING : html`<a href="#pages">End of the list</a>`}${csvLink(asked)}</div>
${table(
  'Leases',
  columnsOf(asked),
  leases.map((lease) => row(lease, now)),
)}
${otherPages(asked, found)}`;
}

function csvLink(asked: Asked): Html {
  const path = leasesPath(asked, { cursor: undefined, limit: undefined }, '/leases.csv');
  return html`<a href="${path}" download="leases.csv">Download all matches as CSV</a>`;
}

function otherPages(asked: Asked, { previous_cursor: previous, next_cursor: next }: LeasePage): Html {
  if (previous === null && next === null) return NOTHING;
  const to = (cursor: string | undefined) => leasesPath(asked, { cursor });
  return html`<nav class="after" id="pages" aria-label="Pages of the list">
${previous === null ? NOTHING : html`<a href="${to(undefined)}">First page</a> <a href="${to(previous)}" rel="prev">Previous page</a>`}
${next === null ? NOTHING : html`<a href="${to(next)}" rel="next">Next page</a>`}
</nav>`;
}

function columnsOf(asked: Asked): readonly Column[] {
  return [
    sortable('Machine', 'client', 'ascending', asked),
    { title: 'Product' },
    { title: 'State' },
    sortable('Ends', 'expiry', 'ascending', asked),
    sortable('Last request', 'last_request', 'descending', asked),
    { title: 'Result' },
    { title: 'Host' },
  ];
}

const OPPOSITE = { ascending: 'descending', descending: 'ascending' } as const;

function sortable(text: string, sort: LeaseSort, order: 'ascending' | 'descending', asked: Asked): Column {
  const isSorted = (asked['sort'] ?? 'expiry') === sort;
  const isReversed = isSorted && asked['order'] === 'reverse';
  // The column by which the list is sorted turns it round.
  const path = leasesPath(asked, {
    sort: sort === 'expiry' ? undefined : sort,
    order: isSorted && !isReversed ? 'reverse' : undefined,
    cursor: undefined,
  });
  const sorted = isReversed ? OPPOSITE[order] : order;
  const arrow = isSorted ? html` <span aria-hidden="true">${sorted === 'ascending' ? '↑' : '↓'}</span>` : NOTHING;
  return { title: html`<a href="${path}">${text}</a>${arrow}`, label: text, ...(isSorted && { sorted }) };
}

function row(lease: LeaseJson, now: Seconds): readonly Cell[] {
  const { client, product, state, expiry, expiry_basis: basis, last_request: last, last_result: result, host } = lease;
  return [
    html`${clientLink(client)}${lease.virtual ? html` <span class="sub">virtual</span>` : NOTHING}`,
    product,
    html`${isUntold(lease) ? badge('calm', 'not known') : stateBadge(state)}${lease.retrying ? html` ${badge('warn', 'retrying')}` : NOTHING}${lease.duplicate ? html` ${badge('warn', 'duplicate id')}` : NOTHING}`,
    expiry === null
      ? '–'
      : html`${shortTime(seconds(secondsOf(expiry)), now)}<span class="sub stamp">${expiry.slice(0, 10)}, ${basis ?? ''}</span>`,
    html`${shortTime(seconds(secondsOf(last)), now)}<span class="sub stamp">${last.slice(0, 16).replace('T', ' ')} UTC</span>`,
    result === 'ok' ? 'ok' : html`<code>${result}</code>`,
    name(host),
  ];
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}
