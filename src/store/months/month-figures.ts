import type { DatabaseSync } from 'node:sqlite';
import { boundsOf, monthBefore } from '../../kernel/calendar-month.ts';
import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { DAY_S, rfc3339OfSeconds, type Seconds, seconds } from '../../kernel/time.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { supportAt } from '../../products/support-at.ts';
import { LEASE_TABLES } from '../database/lease-table-sql.ts';
import { classOf } from '../database/numbering.ts';
import { maybeSecs, num, query, text } from '../database/rows.ts';
import { ONE_FULL_NAME } from '../history/machine-names.ts';
import { hostKeys } from '../reading/host-keys.ts';
import { queryLeases } from '../reading/lease-source.ts';
import type { Activity, DayMonth, HostMonth, MonthReport, OutageMonth, ProductMonth } from './month-types.ts';

/** Records `r` with the machine behind each name: a bare one is the machine whose full name alone it fits. */
const RECORDS = `records r INDEXED BY records_key
LEFT JOIN ${ONE_FULL_NAME} f ON f.bare = r.machine`;
const MACHINE = 'coalesce(f.full, r.machine)';
/** How many machines were answered: `active` means the same in every part of a report. */
const ACTIVE = `count(DISTINCT iif(r.hresult = 0, ${MACHINE}, NULL))`;

/** Machines that were answered, by product. */
const ANSWERED = `SELECT r.product, ${MACHINE} AS machine, max(r.time) AS last, r.virtual, r.n_policy
FROM ${RECORDS} WHERE r.time >= ? AND r.time < ? AND r.hresult = 0
GROUP BY 1, 2`;

/** By the leases of a machine, in both of their tables: it asked for the first time in the month. */
const IS_NEW = LEASE_TABLES.map(
  (table) => `NOT EXISTS (SELECT 1 FROM ${table} l
  WHERE l.machine = a.machine AND (a.product IS NULL OR l.product = a.product) AND l.first < ?1)`,
).join(' AND ');

/**
 * Counts a month by its records, by the first and last requests of leases, and by the newest reports of hosts. It looks
 * at every record of two months, so it is no question for a thread that others wait for.
 */
export function monthFigures(
  database: DatabaseSync,
  catalogue: ProductCatalogue,
  month: string,
  now: Seconds,
): Omit<MonthReport, 'closed' | 'changes' | 'move'> {
  const [from, until] = boundsOf(month);
  for (const [name, start, end] of [
    ['active', from, until],
    ['before', boundsOf(monthBefore(month))[0], from],
  ] as const) {
    database.exec(`DROP TABLE IF EXISTS temp.month_${name}`);
    query(database, `CREATE TEMP TABLE month_${name} AS ${ANSWERED}`).run(start, end);
  }
  const lapsed = lapsedIn(database, from, until, now);
  const knowsBefore = from <= now && query(database, 'SELECT 1 FROM temp.month_before LIMIT 1').get() !== undefined;
  return {
    month,
    from: rfc3339OfSeconds(from),
    until: rfc3339OfSeconds(until),
    as_of: rfc3339OfSeconds(now),
    machines: allOf(database, from, lapsed, knowsBefore),
    products: productsOf(database, catalogue, month, lapsed, knowsBefore),
    days: daysOf(database, from, until),
    hosts: hostsOf(database, from, until),
    outages: outagesOf(database, from, until, now),
  };
}

type Lapsed = readonly (readonly [product: number, machine: number, cls: number])[];

function allOf(database: DatabaseSync, from: Seconds, lapsed: Lapsed, knowsBefore: boolean): Activity {
  const machines = 'SELECT machine, NULL AS product, max(virtual) AS virtual FROM temp.month_active GROUP BY machine';
  const sql = `SELECT count(*), coalesce(sum(virtual), 0), coalesce(sum(${IS_NEW}), 0) FROM (${machines}) a`;
  const [active, virtual, isNew] = query(database, sql).get(from) ?? [];
  const gone = `SELECT count(DISTINCT machine) FROM temp.month_before
    WHERE machine NOT IN (SELECT machine FROM temp.month_active)`;
  return {
    active: num(active),
    physical: num(active) - num(virtual),
    virtual: num(virtual),
    new: num(isNew),
    gone: knowsBefore ? query(database, gone).num() : null,
    lapsed: new Set(lapsed.map(([, machine]) => machine)).size,
  };
}

function productsOf(
  database: DatabaseSync,
  catalogue: ProductCatalogue,
  month: string,
  lapsed: Lapsed,
  knowsBefore: boolean,
): readonly ProductMonth[] {
  const [from, until] = boundsOf(month);
  const figures = (sql: string, ...values: readonly number[]): ReadonlyMap<number, readonly number[]> =>
    new Map(
      query(database, `${sql} GROUP BY product`)
        .all(...values)
        .map(([no, ...row]) => [num(no), row.map(num)]),
    );
  const active = figures(`SELECT product, count(*), sum(virtual), sum(${IS_NEW}) FROM temp.month_active a`, from);
  const gone = figures(
    `SELECT product, count(*) FROM (SELECT product, machine FROM temp.month_before
       EXCEPT SELECT product, machine FROM temp.month_active)`,
  );
  const policies = figures(
    `SELECT product, max(n_policy) FROM (SELECT product, n_policy FROM temp.month_active
       UNION ALL SELECT product, n_policy FROM temp.month_before)`,
  );
  const ended = Map.groupBy(lapsed, ([product]) => product);
  const activationId = query(database, 'SELECT activation_id FROM products WHERE id = ?');
  const products = [...new Set([...active.keys(), ...gone.keys(), ...ended.keys()])].map((product): ProductMonth => {
    const [count = 0, virtual = 0, isNew = 0] = active.get(product) ?? [];
    const id = text(activationId.get(product)?.[0]);
    const policy = policies.get(product)?.[0];
    return {
      product: catalogue.nameOf(id),
      activation_id: id,
      class: policy === undefined ? classOf(ended.get(product)?.[0]?.[2] ?? 0) : catalogue.classOf(id, policy),
      active: count,
      physical: count - virtual,
      virtual,
      new: isNew,
      gone: knowsBefore ? (gone.get(product)?.[0] ?? 0) : null,
      lapsed: new Set(ended.get(product)?.map(([, machine]) => machine)).size,
      ...supportAt(id, until),
    };
  });
  return products.sort((a, b) => b.active - a.active || (a.product < b.product ? -1 : 1));
}

function dayOf(time: Seconds): string {
  return rfc3339OfSeconds(time).slice(0, 10);
}

function lapsedIn(database: DatabaseSync, from: Seconds, until: Seconds, now: Seconds): Lapsed {
  const rows = queryLeases(
    database,
    ({ table }) =>
      `SELECT l.product, l.machine, l.cls FROM ${table('expiry')} WHERE l.exclusion = 0 AND l.expiry >= ? AND l.expiry < ?`,
    '',
    [from, Math.min(until, now)],
  );
  return rows.map(([product, machine, cls]) => [num(product), num(machine), num(cls)] as const);
}

function daysOf(database: DatabaseSync, from: Seconds, until: Seconds): readonly DayMonth[] {
  const sql = `SELECT r.time / ${DAY_S}, ${ACTIVE}, count(*), sum(r.hresult <> 0)
    FROM ${RECORDS} WHERE r.time >= ? AND r.time < ? GROUP BY 1 ORDER BY 1`;
  return query(database, sql)
    .all(from, until)
    .map(([day, machines, requests, failed]) => ({
      day: dayOf(seconds(num(day) * DAY_S)),
      machines: num(machines),
      requests: num(requests),
      failed: num(failed),
    }));
}

function hostsOf(database: DatabaseSync, from: Seconds, until: Seconds): readonly HostMonth[] {
  const sql = `SELECT h.name, count(*), ${ACTIVE}
    FROM ${RECORDS} JOIN hosts h ON h.id = r.host WHERE r.time >= ? AND r.time < ? GROUP BY 1`;
  const asked = new Map(
    query(database, sql)
      .all(from, until)
      .map(([host, ...counts]) => [hostNameOfRecord(text(host)), counts.map(num)]),
  );
  const reports = new Map(hostKeys(database).map((report) => [report.host, report]));
  return [...new Set([...asked.keys(), ...reports.keys()])].sort().map((host) => {
    const [requests = 0, machines = 0] = asked.get(host) ?? [];
    const { os, keys = [] } = reports.get(host) ?? {};
    return {
      host,
      os: os ?? null,
      requests,
      machines,
      keys: keys.map(({ product, activationId, licensed }) => ({ product, activation_id: activationId, licensed })),
    };
  });
}

function outagesOf(database: DatabaseSync, from: Seconds, until: Seconds, now: Seconds): readonly OutageMonth[] {
  const sql = `SELECT name, subject, since, until FROM outages
    WHERE since < ? AND ${from <= now ? '(until IS NULL OR until > ?)' : 'until > ?'} ORDER BY since, name, subject`;
  return query(database, sql)
    .all(until, from)
    .map(([name, subject, since, end]) => {
      const ended = maybeSecs(end);
      const last = Math.min(ended ?? now, until, now);
      return {
        name: text(name),
        subject: JSON.parse(text(subject)),
        from: rfc3339OfSeconds(seconds(num(since))),
        until: ended === undefined ? null : rfc3339OfSeconds(ended),
        seconds: Math.max(0, last - Math.max(num(since), from)),
      };
    });
}
