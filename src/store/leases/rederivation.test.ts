import type { DatabaseSync } from 'node:sqlite';
import { expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import {
  ACCESS,
  keyCounts,
  memoryDatabase,
  NOBODYS,
  NOW,
  noticeRecord,
  type RequestFacts,
  requestRecord,
} from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { readMeta } from '../database/meta.ts';
import { LEASE_SORTS } from '../queries.ts';
import { LeasePages } from '../reading/lease-pages.ts';
import { readContext } from '../reading/read-context.ts';
import { derivationOf, type StoreSettings } from '../settings.ts';
import { Engine } from '../threads/engine.ts';

const BEFORE = DEFAULT_SETTINGS;
const AFTER: StoreSettings = {
  ...DEFAULT_SETTINGS,
  leases: { ...DEFAULT_SETTINGS.leases, validity: seconds(90 * DAY_S) },
  products: [{ activationId: NOBODYS, name: 'Kiosk', cls: 'office' }],
  aliases: { 'kms2.corp.test': hostName('kms1.corp.test') },
};
/** Clients are derived 200 at a time. */
const CLIENTS = 250;

/** Requests of clients, some of them unlicensed, at two hosts. */
function requests(clients = CLIENTS): RequestFacts[] {
  return Array.from({ length: clients }, (_, n) => ({
    ...{
      client: n + 1,
      time: NOW - 20 * DAY_S + n,
      host: `kms${1 + (n % 2)}.corp.test`,
      nPolicy: n % 3 === 0 ? 25 : 5,
    },
    ...(n % 4 === 0 ? { status: 5, minutes: 0 } : {}),
    ...(n % 5 === 0 ? { activationId: NOBODYS } : n % 7 === 0 ? { activationId: ACCESS } : {}),
  }));
}

function ingest(engine: Engine, ...facts: readonly RequestFacts[]): void {
  const records = facts.map(requestRecord);
  engine.ingest([{ source: 'import', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
}

function started(settings = BEFORE, database = memoryDatabase()) {
  const engine = new Engine(database, settings, seconds(NOW));
  ingest(engine, ...requests());
  return { database, engine };
}

/** All that readers and scrapes see, but for what is counted as it arrives. */
function seen(database: DatabaseSync, engine: Engine, settings = AFTER) {
  const pages = new LeasePages(readContext(database, settings));
  const lists = [undefined, 'superseded', 'retired'].flatMap((state) =>
    LEASE_SORTS.map((sort) => {
      const page = pages.page(
        { sort, limit: 1000, ...(state === undefined ? {} : { state: state as 'retired' }) },
        seconds(NOW),
      );
      return page.ok ? page.value.leases.map((lease) => Object.values(lease).join(' ')).sort() : page.error.text;
    }),
  );
  const { requests: _, ingest: __, reclassified: ___, hosts, ...aggregates } = engine.aggregates(seconds(NOW));
  return { lists, hosts: hosts.toSorted((a, b) => (a.host < b.host ? -1 : 1)), aggregates };
}

function derived(engine: Engine): void {
  while (engine.derive(0));
}

const HAPPENINGS: Readonly<Record<string, (engine: Engine) => void>> = {
  'new clients ask': (engine) => ingest(engine, { client: 900 }, { client: 901, host: 'kms2.corp.test' }),
  'a known client renews': (engine) => ingest(engine, { client: 9, minutes: 259_000 }, { client: 240 }),
  'a record comes late': (engine) =>
    ingest(engine, { client: 3, time: NOW - 30 * DAY_S }, { client: 249, time: NOW - 40 * DAY_S }),
  'a machine is renamed': (engine) => ingest(engine, { client: 8, machine: 'renamed.corp.test' }),
  'a machine asks with another lease': (engine) => ingest(engine, { client: 999, machine: 'ws7.corp.test' }),
  'a client id is shared': (engine) =>
    ingest(engine, { client: 5, machine: 'x', time: NOW - 5 }, { client: 5, time: NOW - 3, nPolicy: 5 }),
  'a notice comes': (engine) =>
    void engine.ingest(
      [
        {
          source: 'http',
          records: [noticeRecord({ kind: 'service_failure', failure: 'timer', hresult: 5 })],
          unread: { ignored: 0, rejected: 0 },
        },
      ],
      seconds(NOW),
    ),
  'a report comes': (engine) =>
    void engine.takeReports([
      {
        host: hostName('kms1.corp.test'),
        time: seconds(NOW - 20 * DAY_S),
        counts: keyCounts(50, 50),
        activationInterval: seconds(60),
      },
    ]),
  'a machine is retired': (engine) => void engine.retire(['ws1', 'ws248.corp.test'], seconds(NOW)),
  'a machine is retired, and that is taken back': (engine) => {
    engine.retire(['ws1'], seconds(NOW));
    engine.undoRetirement(['ws1']);
  },
  'a gap is found': (engine) => engine.takeGap(hostName('kms1.corp.test'), seconds(NOW - DAY_S)),
};

/** Counted once, as each of these is derived a slice at a time. */
const SLICES = (() => {
  const { engine } = started();
  engine.configure(AFTER, seconds(NOW));
  let slices = 1;
  while (engine.derive(0)) slices++;
  return slices;
})();

it('works in slices', () => {
  expect(SLICES).toBeGreaterThan(4);
});

it('leaves readers and scrapes the leases as they were until all are derived', () => {
  const { database, engine } = started();
  const before = seen(database, engine, BEFORE);
  const counts = ({ classes }: typeof before.aggregates) => classes.map(({ cls, tally }) => [cls, tally.leases]);
  expect(engine.configure(AFTER, seconds(NOW))).toBe(true);
  for (let slice = 1; slice < SLICES; slice++) {
    expect(engine.derive(0)).toBe(true);
    const { lists, aggregates } = seen(database, engine, BEFORE);
    // The host of a record is by the aliases of today.
    const withoutHost = (list: readonly string[] | string) => String(list).replaceAll(/kms[12]/g, 'kms');
    expect(lists.map((list) => withoutHost(list).length)).toEqual(before.lists.map((list) => withoutHost(list).length));
    expect(counts(aggregates)).toEqual(counts(before.aggregates));
  }
  const { version } = engine;
  expect(engine.derive(0)).toBe(false);
  expect(engine.isDeriving).toBe(false);
  expect(engine.version).toBeGreaterThan(version);
  expect(seen(database, engine).aggregates.classes).not.toEqual(before.aggregates.classes);
});

it('comes to what is derived from the start', () => {
  const { database, engine } = started();
  engine.configure(AFTER, seconds(NOW));
  derived(engine);
  const fresh = started(AFTER);
  expect(seen(database, engine)).toEqual(seen(fresh.database, fresh.engine));
});

test.each(Object.entries(HAPPENINGS))('comes to the same if %s meanwhile, at any time', (_, happen) => {
  const fresh = started(AFTER);
  happen(fresh.engine);
  const expected = seen(fresh.database, fresh.engine);
  for (const at of [0, 1, 2, Math.floor(SLICES / 2), SLICES - 2, SLICES - 1]) {
    const { database, engine } = started();
    engine.configure(AFTER, seconds(NOW));
    for (let slice = 0; slice < at; slice++) engine.derive(0);
    expect(engine.isDeriving).toBe(true);
    happen(engine);
    derived(engine);
    expect(seen(database, engine)).toEqual(expected);
  }
});

it('takes in more records than one slice has, that have arrived meanwhile', () => {
  const many = Array.from({ length: 2300 }, (_, n) => ({ client: 2000 + n, time: NOW - n }));
  const fresh = started(AFTER);
  ingest(fresh.engine, ...many);
  const { database, engine } = started();
  engine.configure(AFTER, seconds(NOW));
  engine.derive(0);
  ingest(engine, ...many);
  derived(engine);
  expect(seen(database, engine)).toEqual(seen(fresh.database, fresh.engine));
});

test.each([1, 2, 3, SLICES - 1])('begins again after a restart in the middle: %d slices', (slices) => {
  const fresh = started(AFTER);
  const { database, engine } = started();
  engine.configure(AFTER, seconds(NOW));
  for (let slice = 0; slice < slices; slice++) engine.derive(0);
  const again = new Engine(database, AFTER, seconds(NOW));
  expect(again.isDeriving).toBe(true);
  derived(again);
  expect(seen(database, again)).toEqual(seen(fresh.database, fresh.engine));
  expect(new Engine(database, AFTER, seconds(NOW)).isDeriving).toBe(false);
});

it('derives as before after a restart with the old configuration in the middle', () => {
  const { database, engine } = started();
  const before = seen(database, engine, BEFORE);
  engine.configure(AFTER, seconds(NOW));
  for (let slice = 0; slice < 3; slice++) engine.derive(0);
  const again = new Engine(database, BEFORE, seconds(NOW));
  expect(again.isDeriving).toBe(true);
  derived(again);
  expect(seen(database, again, BEFORE).lists).toEqual(before.lists);
});

test.each([0, 1, 2, SLICES - 1])('derives by the latest configuration if it changes after %d slices', (slices) => {
  const latest = { ...AFTER, aliases: {}, leases: { ...AFTER.leases, validity: seconds(60 * DAY_S) } };
  for (const settings of [latest, BEFORE]) {
    const fresh = started(settings);
    const { database, engine } = started();
    engine.configure(AFTER, seconds(NOW));
    for (let slice = 0; slice < slices; slice++) engine.derive(0);
    engine.configure(settings, seconds(NOW));
    derived(engine);
    expect(seen(database, engine, settings)).toEqual(seen(fresh.database, fresh.engine, settings));
    expect(readMeta(database, 'derivation')).toBe(derivationOf(settings));
  }
});

it('leaves no other table behind, and nothing that waits to be merged', () => {
  const { database, engine } = started();
  ingest(engine, ...requests().map((request) => ({ ...request, time: NOW - DAY_S })));
  engine.configure(AFTER, seconds(NOW));
  derived(engine);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'leases%' ORDER BY name").all();
  expect(tables.map(({ name }) => name)).toEqual([
    ...['leases', 'leases_2_client', 'leases_2_doubt', 'leases_2_expiry', 'leases_2_machine'],
  ]);
  expect(database.prepare('SELECT count(*) AS n FROM lease_changes').get()).toEqual({ n: 0 });
  ingest(engine, { client: 1, time: NOW });
  expect(database.prepare('SELECT max(last) AS last FROM leases').get()).toEqual({ last: NOW });
});

it('derives at once if there is nothing to derive', () => {
  expect(new Engine(memoryDatabase(), AFTER, seconds(NOW)).isDeriving).toBe(false);
});

it('is not begun by a configuration that makes no difference to leases', () => {
  const { engine } = started();
  const { version } = engine;
  expect(engine.configure({ ...BEFORE, seriesLimit: 1 }, seconds(NOW))).toBe(false);
  expect(engine.version).toBeGreaterThan(version);
  expect(engine.aggregates(seconds(NOW)).soonest).toHaveLength(1);
});

it('takes when the log of a host was heard from over to its one name, gaps as well', () => {
  const { engine } = started();
  engine.takeGap(hostName('kms1.corp.test'), seconds(NOW - 9));
  engine.takeGap(hostName('kms2.corp.test'), seconds(NOW - 5));
  engine.ingest(
    [
      {
        source: 'http',
        records: [requestRecord({ host: hostName('kms2.corp.test') })],
        unread: { ignored: 0, rejected: 0 },
      },
    ],
    seconds(NOW + 7),
  );
  engine.configure(AFTER, seconds(NOW + 8));
  derived(engine);
  const { hosts } = engine.aggregates(seconds(NOW + 8));
  expect(hosts).toMatchObject([
    { host: 'kms1.corp.test', lastArrival: NOW + 7, lastPush: NOW + 7, gaps: 2, lastGap: NOW - 5 },
  ]);
});
