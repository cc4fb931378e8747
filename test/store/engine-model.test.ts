import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import type { LeaseJson } from '../../src/leases/lease-json.ts';
import { resultOf } from '../../src/products/activation-result.ts';
import { licenseStatusName } from '../../src/products/license-status.ts';
import { forecast } from '../../src/store/counting/forecast.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import type { RowLimits } from '../../src/store/leases/lease-rows.ts';
import { type HostForecast, LEASE_SORTS, type LeasePage, type LeaseQuery } from '../../src/store/queries.ts';
import { LeasePages } from '../../src/store/reading/lease-pages.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { type Arrival, type History, historyArbitrary } from '../model/histories.ts';
import { reference, referenceForecast } from '../model/reference.ts';
import type { Samples, World } from '../model/world.ts';
import { hostName } from '../support/host-name.ts';
import { samplesOf } from './aggregate-samples.ts';
import { eventOf, reportOf, settingsOf, snapshotOf } from './world-records.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 200);
const LONG = 100_000 * DAY_S;

/** Then the right one comes when all the records are there. */
const ANOTHER_CONFIGURATION = {
  products: [],
  reportStaleAfter: MINUTE_S,
  thresholds: { client: 40, server: 40, office: 1 },
  aliases: { 'kms02.corp.test': hostName('kms01.corp.test') },
};

/** Batches of arrivals: after how many the next begins. */
const batches = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });

/** Rows of leases straight into the large table, all of them into the small one, and some merged now and then. */
const rowLimits = fc.constantFrom({ direct: 1000, most: 1000 }, { direct: 0, most: 1000 }, { direct: 0, most: 5 });
/** How long before the moment of the question everything has arrived: what was still to come then may have come since. */
const early = fc.constantFrom(0, 1, 60, 3600, DAY_S);

test('leases and aggregates are those of the reference, whatever the history, the order, the batches, the restarts and the configuration before', () => {
  fc.assert(
    fc.property(
      historyArbitrary,
      batches,
      fc.nat(3),
      fc.boolean(),
      early,
      rowLimits,
      (history, sizes, restartAfter, isLate, by, limits) => {
        const arrival = Math.max(history.now - by, ...history.world.records.map(({ time }) => time - DAY_S));
        const { engine, database } = play({ ...history, now: arrival }, sizes, restartAfter, isLate, limits);
        engine.tick(seconds(history.now));
        const expected = reference(named(history.world), history.now);
        expect(withoutTies(samplesOf(engine.aggregates(seconds(history.now)), history.world.unread))).toEqual(
          withoutTies(expected.samples),
        );
        expect(allLeases(database, history)).toEqual(expected.leases);
        expect(byHostAndClass(forecastOf(engine, seconds(history.now)).hosts)).toEqual(
          referenceForecast(history.world, history.now, 35),
        );
      },
    ),
    { numRuns: RUNS },
  );
});

/** Without what the aggregates have too. */
function byHostAndClass(hosts: readonly Partial<HostForecast>[]) {
  const own = hosts.map(({ count: _, threshold: __, breach: ___, ...host }) => host);
  return own.toSorted((a, b) => (`${a.host} ${a.cls}` < `${b.host} ${b.cls}` ? -1 : 1));
}

function play(
  { world, now, arrivals }: History,
  sizes: readonly number[],
  restartAfter: number,
  isLate: boolean,
  limits: RowLimits,
) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const wanted = settingsOf(world, LONG);
  const settings = isLate ? { ...wanted, ...ANOTHER_CONFIGURATION } : wanted;
  let engine = new Engine(database, settings, seconds(now), limits);
  // Some before the records, some after them.
  const takeGaps = (isEarly: boolean) => {
    const gaps = world.gaps.filter((_, index) => (index % 2 === 0) === isEarly);
    for (const { host, time } of gaps) engine.takeGap(host, seconds(time));
  };
  takeGaps(isLate);
  for (const [index, batch] of split(arrivals, sizes).entries()) {
    if (index === restartAfter) engine = new Engine(database, settings, seconds(now), limits);
    // While one half of the batches arrives, the leases are derived as wanted.
    if (isLate && index === Math.floor(sizes.length / 2)) engine.configure(wanted, seconds(now));
    takeBatch(engine, batch, now);
    engine.derive(0);
  }
  takeGaps(!isLate);
  retireAll(engine, world);
  if (isLate) engine.configure(wanted, seconds(now));
  while (engine.derive());
  return { engine, database };
}

function takeBatch(engine: Engine, batch: readonly Arrival[], now: number): void {
  const records = batch.flatMap((arrival) => (arrival.kind === 'records' ? arrival.records.map(eventOf) : []));
  engine.ingest([{ source: 'import', records, unread: { ignored: 0, rejected: 0 } }], seconds(now));
  for (const arrival of batch) {
    if (arrival.kind === 'report') engine.takeReports([reportOf(arrival.report)]);
    if (arrival.kind === 'word') engine.takeInventoryPart(snapshotOf(arrival.word));
  }
}

function retireAll(engine: Engine, { retired }: World): void {
  for (const { machine, time } of retired) engine.retire([machine], seconds(time));
}

function split(arrivals: readonly Arrival[], sizes: readonly number[]): Arrival[][] {
  const parts: Arrival[][] = [];
  let at = 0;
  for (let turn = 0; at < arrivals.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(arrivals.slice(at, at + size));
    at += size;
  }
  return parts;
}

/** Walked in every order, in short pages, so that cursors are tried as well. */
function allLeases(database: DatabaseSync, { world, now }: History): LeaseJson[] {
  const pages = new LeasePages(readContext(database, settingsOf(world, LONG)));
  const lists = LEASE_SORTS.map((sort) =>
    [undefined, 'superseded' as const, 'retired' as const]
      .flatMap((state) => walk(pages, { sort, limit: 3, ...(state === undefined ? {} : { state }) }, now))
      .sort((a, b) => (leaseKey(a) < leaseKey(b) ? -1 : 1)),
  );
  for (const list of lists) expect(list).toEqual(lists[0]);
  return lists[0] ?? [];
}

/** The leases of a shared client id differ in their machine. */
function leaseKey({ client_id, activation_id, client }: LeaseJson): string {
  return `${client_id} ${activation_id} ${client}`;
}

/** To the last page, and back to the first. */
function walk(pages: LeasePages, query: LeaseQuery, now: number): LeaseJson[] {
  const onward = [pageOf(pages, query, now)];
  for (let page = onward[0]; page !== undefined && page.next_cursor !== null; page = onward.at(-1))
    onward.push(pageOf(pages, { ...query, cursor: page.next_cursor }, now));
  const back = onward.slice(-1);
  for (let page = back[0]; page !== undefined && page.previous_cursor !== null; page = back[0])
    back.unshift(pageOf(pages, { ...query, cursor: page.previous_cursor }, now));
  expect(back.map(({ leases }) => leases)).toEqual(onward.map(({ leases }) => leases));
  return onward.flatMap(({ leases }) => leases);
}

function pageOf(pages: LeasePages, query: LeaseQuery, now: number): LeasePage {
  const page = pages.page(query, seconds(now));
  if (!page.ok) throw new Error(page.error.text);
  return page.value;
}

/** Which of several leases that end at the same second have their own series is anybody's choice. */
function withoutTies(samples: Samples): Record<string, unknown> {
  const isSeries = ([name]: readonly [string, number]) => name.startsWith('kms_lease_expiry_timestamp_seconds');
  const all = Object.entries(samples);
  const ends = all.filter(isSeries).map(([, end]) => end);
  return { ...Object.fromEntries(all.filter((sample) => !isSeries(sample))), ends: ends.toSorted((a, b) => a - b) };
}

function named(world: World): World {
  return { ...world, resultName: resultOf, statusName: licenseStatusName };
}

function forecastOf(engine: Engine, now: ReturnType<typeof seconds>) {
  return forecast(engine.state, { days: 35, without: null }, now, engine.aggregates(now).hosts);
}
