import { type CsvCell, type CsvSeparator, csvHead, csvRow } from '../../../kernel/csv.ts';
import type { Activity, MonthReport } from '../../../store/months/month-types.ts';

const FIELDS = [
  ...['month', 'part', 'name', 'of', 'active', 'physical', 'virtual', 'new', 'gone', 'lapsed'],
  ...['requests', 'failed', 'from', 'until', 'seconds', 'support', 'support_end'],
] as const;

type Row = Readonly<Partial<Record<(typeof FIELDS)[number], CsvCell>>>;

/** A month as one table: which part of the report a row belongs to is in `part`. */
export function reportCsv(report: MonthReport, separator: CsvSeparator = ','): string {
  const rows = [...rowsOf(report)].map((row) =>
    csvRow(
      FIELDS.map((field) => (field === 'month' ? report.month : (row[field] ?? null))),
      separator,
    ),
  );
  return `${csvHead(FIELDS, separator)}${rows.join('')}`;
}

function* rowsOf({ machines, products, hosts, outages, days, changes, move }: MonthReport): Iterable<Row> {
  yield { part: 'machines', ...figures(machines) };
  for (const { product, activation_id: of, support, support_end, ...figuresOf } of products) {
    yield { part: 'product', name: product, of, support, support_end, ...figures(figuresOf) };
  }
  for (const { host, os, keys, requests, machines: active } of hosts) {
    yield { part: 'host', name: host, of: os, requests, active };
    for (const { product, licensed } of keys) {
      yield { part: 'key', name: host, of: product, support: licensed ? 'activated' : 'not activated' };
    }
  }
  for (const { name, subject, ...times } of outages) {
    yield { part: 'outage', name, of: Object.values(subject).join(' '), ...times };
  }
  for (const { day, machines: active, requests, failed } of days) {
    yield { part: 'day', name: day, active, requests, failed };
  }
  if (move !== null) {
    const { to: of, since: from, moved, left, still_renewing: names } = move;
    yield { part: 'move', name: 'moved', of, from, active: moved };
    yield { part: 'move', name: 'left', of, from, active: left };
    for (const name of names) yield { part: 'still renewing', name };
  }
  for (const { product, figure, now } of changes) {
    yield { part: 'change', name: product, of: 'by what came later', [figure]: now };
  }
}

function figures({ active, physical, virtual, new: isNew, gone, lapsed }: Activity): Row {
  return { active, physical, virtual, new: isNew, gone, lapsed };
}
