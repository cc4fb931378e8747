import { seconds } from '../../../kernel/time.ts';
import { span } from '../../../kernel/words.ts';
import type { Activity, MonthReport, OutageMonth, ProductMonth } from '../../../store/months/month-types.ts';
import { type Html, html } from '../../html.ts';
import { type Cell, type Column, table } from '../table.ts';
import { badge, NOTHING, number, type Tone } from '../words.ts';
import { movePart } from './move-part.ts';

/** A month for an auditor. */
export function reportMain(report: MonthReport): Html {
  const { month, from, until, as_of: asOf, closed, machines, changes } = report;
  const state = closed
    ? `Closed at ${minute(asOf)}. What came later is listed as a change.`
    : `As of ${minute(asOf)}; closed 7 days after its end, and the same from then on.`;
  return html`<h1>Report of ${month}</h1>
<p class="quiet">From ${minute(from)} to ${minute(until)}. ${state}</p>
<section><h2>Machines</h2>
<p>Machines whose request a KMS host answered in this month. Active Directory-based activation, MAK and subscriptions never reach one.</p>
${table('machines', FIGURE_COLUMNS, [['All products', ...figures(machines)]])}</section>
${report.move === null ? NOTHING : movePart(report.move)}
<section><h2>Products</h2>${list('products', PRODUCT_COLUMNS, report.products.map(productRow))}</section>
<section><h2>Hosts and their keys</h2>${list('hosts', HOST_COLUMNS, report.hosts.map(hostRow))}</section>
<section><h2>Outages</h2>${list('outages', OUTAGE_COLUMNS, report.outages.map(outageRow))}</section>
<section><h2>Days</h2>${list(
    'days',
    DAY_COLUMNS,
    report.days.map(({ day, ...one }) => [day, number(one.machines), number(one.requests), number(one.failed)]),
  )}</section>
${
  changes.length === 0
    ? NOTHING
    : html`<section><h2>Changes since it was closed</h2>${table(
        'changes',
        CHANGE_COLUMNS,
        changes.map(({ product, figure, closed: before, now }) => [
          product ?? 'All products',
          figure,
          count(before),
          count(now),
        ]),
      )}</section>`
}`;
}

/** The other months, and the report as files. */
export function reportLinks(month: string): Html {
  return html`<form action="/report" method="get" role="search" aria-label="Month" class="filters"><label for="month">Month</label> <input id="month" name="month" type="month" value="${month}"> <button>Show</button> <a href="/report.csv?month=${month}">As CSV</a> <a href="/api/v1/report?month=${month}">As JSON</a></form>`;
}

const FIGURE_TITLES = ['Active', 'Physical', 'Virtual', 'New', 'Gone', 'Lapsed'] as const;
const FIGURE_COLUMNS: readonly Column[] = [
  { title: 'Product' },
  ...FIGURE_TITLES.map((title) => ({ title, kind: 'number' as const })),
];
const PRODUCT_COLUMNS: readonly Column[] = [...FIGURE_COLUMNS, { title: 'Support' }];
const HOST_COLUMNS: readonly Column[] = [
  { title: 'Host' },
  { title: 'Windows' },
  { title: 'KMS host keys' },
  { title: 'Requests', kind: 'number' },
  { title: 'Machines active', kind: 'number' },
];
const OUTAGE_COLUMNS: readonly Column[] = [
  { title: 'Condition' },
  { title: 'Of' },
  { title: 'From' },
  { title: 'Until' },
  { title: 'In this month' },
];
const DAY_COLUMNS: readonly Column[] = [
  { title: 'Day' },
  { title: 'Machines active', kind: 'number' },
  { title: 'Requests', kind: 'number' },
  { title: 'Failed', kind: 'number' },
];
const CHANGE_COLUMNS: readonly Column[] = [
  { title: 'Product' },
  { title: 'Figure' },
  { title: 'Closed', kind: 'number' },
  { title: 'Now', kind: 'number' },
];

const SUPPORT: Readonly<Record<NonNullable<ProductMonth['support']>, readonly [Tone, string]>> = {
  ended: ['bad', 'ended'],
  partly: ['warn', 'ended for some releases'],
  near: ['warn', 'ends'],
  supported: ['ok', 'until'],
};

function productRow({ support, support_end: end, ...product }: ProductMonth): readonly Cell[] {
  const state = support === null || end === null ? 'not known' : html`${badge(...SUPPORT[support])} ${end}`;
  return [product.product, ...figures(product), state];
}

function hostRow({ host, os, keys, requests, machines }: MonthReport['hosts'][number]): readonly Cell[] {
  const names = keys.map(({ product, licensed }) => (licensed ? product : `${product} (not activated)`));
  return [host, os ?? '–', names.length === 0 ? '–' : names.join(', '), number(requests), number(machines)];
}

function outageRow({ name, subject, from, until, seconds: length }: OutageMonth): readonly Cell[] {
  const of = Object.values(subject).join(' ');
  return [
    name,
    of === '' ? 'the estate' : of,
    minute(from),
    until === null ? 'goes on' : minute(until),
    span(seconds(length)),
  ];
}

function figures({ active, physical, virtual, new: isNew, gone, lapsed }: Activity): readonly string[] {
  return [active, physical, virtual, isNew, gone, lapsed].map(count);
}

function count(value: number | null): string {
  return value === null ? '–' : number(value);
}

function list(label: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Html {
  return rows.length === 0 ? html`<p>None.</p>` : table(label, columns, rows);
}

/** `2026-10-01 00:00 UTC`. */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
