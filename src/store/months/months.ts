import type { DatabaseSync } from 'node:sqlite';
import { boundsOf, monthOf, monthsBetween } from '../../kernel/calendar-month.ts';
import { DAY_S, rfc3339OfSeconds, type Seconds, seconds } from '../../kernel/time.ts';
import { ProductCatalogue } from '../../products/product-catalogue.ts';
import { maybeSecs, num, query, text } from '../database/rows.ts';
import { readOfficeProducts } from '../history/office-products.ts';
import type { StoreSettings } from '../settings.ts';
import { monthFigures } from './month-figures.ts';
import { monthMove } from './month-move.ts';
import type { Activity, MonthChange, MonthMove, MonthReport, Outage } from './month-types.ts';

/** A month is closed this long after its end: late records have come by then. */
const CLOSED_AFTER = 7 * DAY_S;
/** How long months and outages are kept. */
const YEARS_KEPT = 5;

/** Those that may differ later. Leases that lapsed may be renewed, which changes nothing of the month. */
const FIGURES = ['active', 'physical', 'virtual', 'new', 'gone'] as const satisfies readonly (keyof Activity)[];

/** A month as it was closed, with what is different by now; one that is still open as it is. @param month `2026-10` */
export function monthReport(database: DatabaseSync, settings: StoreSettings, month: string, now: Seconds): MonthReport {
  const catalogue = new ProductCatalogue(settings);
  catalogue.inferOffice(readOfficeProducts(database));
  const move = monthMove(database, settings, month, now);
  const [stored, firstThen] =
    query(database, 'SELECT report, first_record FROM closed_months WHERE month = ?').get(month) ?? [];
  if (stored === undefined)
    return { ...monthFigures(database, catalogue, month, now), closed: false, changes: [], move };
  const closed = withNames(JSON.parse(text(stored)), move);
  const first = firstRecord(database);
  // Once records of then were forgotten for their age, there is nothing to compare it with.
  if (first === undefined || first > num(firstThen)) return closed;
  return { ...closed, changes: changesOf(closed, monthFigures(database, catalogue, month, now)) };
}

/** A closed month has no names, so that there are none to be erased; reports that were closed before moves have nothing of them. */
function withNames(closed: MonthReport, now: MonthMove | null): MonthReport {
  const { move = null } = closed;
  return { ...closed, move: move && { ...move, still_renewing: now?.still_renewing ?? [] } };
}

/** The figures that differ. */
function changesOf(closed: MonthReport, now: Pick<MonthReport, 'machines' | 'products'>): readonly MonthChange[] {
  const before = new Map(closed.products.map((product) => [product.activation_id, product]));
  const after = new Map(now.products.map((product) => [product.activation_id, product]));
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return [
    ...differing(null, closed.machines, now.machines),
    ...ids.flatMap((id) => {
      const name = before.get(id)?.product ?? after.get(id)?.product ?? id;
      return differing(name, before.get(id) ?? NONE, after.get(id) ?? NONE);
    }),
  ];
}

const NONE: Activity = { active: 0, physical: 0, virtual: 0, new: 0, gone: 0, lapsed: 0 };

function differing(product: string | null, closed: Activity, now: Activity): readonly MonthChange[] {
  return FIGURES.filter((figure) => closed[figure] !== now[figure]).map((figure) => ({
    product,
    figure,
    closed: closed[figure],
    now: now[figure],
  }));
}

/** Months that can be closed now, the oldest first. */
export function dueMonths(database: DatabaseSync, now: Seconds): readonly string[] {
  const first = firstRecord(database);
  if (first === undefined) return [];
  const closed = new Set(query(database, 'SELECT month FROM closed_months').texts());
  const oldest = seconds(Math.max(first, now - YEARS_KEPT * 366 * DAY_S));
  return monthsBetween(monthOf(oldest), monthOf(now)).filter(
    (month) => now >= boundsOf(month)[1] + CLOSED_AFTER && !closed.has(month),
  );
}

/** Keeps a month as it is, unless it was closed before. */
export function closeMonth(database: DatabaseSync, report: MonthReport, now: Seconds): void {
  const move = report.move && { ...report.move, still_renewing: [] };
  const closed = JSON.stringify({ ...report, closed: true, changes: [], move });
  query(database, 'INSERT OR IGNORE INTO closed_months (month, report, first_record) VALUES (?, ?, ?)').run(
    report.month,
    closed,
    firstRecord(database) ?? now,
  );
}

/** Drops months and outages that are too old. */
export function forgetMonths(database: DatabaseSync, now: Seconds): void {
  const oldest = now - YEARS_KEPT * 366 * DAY_S;
  query(database, 'DELETE FROM closed_months WHERE month < ?').run(rfc3339OfSeconds(seconds(oldest)).slice(0, 7));
  query(database, 'DELETE FROM outages WHERE until < ?').run(oldest);
}

/** Takes what is down now: what was down and is not among it has ended. */
export function takeOutages(database: DatabaseSync, outages: readonly Outage[], now: Seconds): void {
  const put = query(database, 'INSERT OR IGNORE INTO outages (name, subject, since) VALUES (?, ?, ?)');
  for (const { name, subject, since } of outages) put.run(name, subject, since);
  const open = new Set(outages.map((outage) => `${outage.name} ${outage.since} ${outage.subject}`));
  const end = query(database, 'UPDATE outages SET until = max(?, since) WHERE name = ? AND subject = ? AND since = ?');
  const rows = query(database, 'SELECT name, subject, since FROM outages WHERE until IS NULL').all();
  for (const [name = null, subject = null, since = null] of rows) {
    if (!open.has(`${name} ${since} ${subject}`)) end.run(now, name, subject, since);
  }
}

function firstRecord(database: DatabaseSync): Seconds | undefined {
  return maybeSecs(query(database, 'SELECT min(time) FROM records').get()?.[0]);
}
