import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { EventRecord } from '../../src/activations/types.ts';
import { explainClient } from '../../src/explain/explain-client.ts';
import { DAY_S, HOUR_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { ClientHistoryQuery } from '../../src/store/reading/client-history.ts';
import { LeasePages } from '../../src/store/reading/lease-pages.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { hostName } from '../support/host-name.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { clientId, HOST, NOBODYS, NOW, type RequestFacts, requestRecord } from './store-in-memory.ts';

/** Once no more of a history is expected. */
const READ = seconds(NOW + 2 * MINUTE_S);

/** A store with records, and what can be asked of it. */
function storeOf(records: readonly EventRecord[], settings = DEFAULT_SETTINGS) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, settings, seconds(NOW));
  engine.ingest([{ source: 'import', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  while (engine.derive());
  const context = readContext(database, settings);
  const pages = new LeasePages(context);
  const histories = new ClientHistoryQuery(context, pages);
  const explain = (client: string) => explainClient(histories.history(client, READ), settings.leases, READ);
  const leases = (query = {}) => {
    const page = pages.page(query, seconds(NOW));
    return page.ok ? page.value.leases : [];
  };
  const marginOf = (cls: string) => {
    const { hosts, reporting } = engine.aggregates(seconds(NOW));
    return [...hosts, ...reporting].flatMap(({ margins }) => margins).find((margin) => margin.cls === cls)?.margin;
  };
  return { engine, explain, leases, marginOf };
}

let recordId = 0;

function record(facts: RequestFacts): EventRecord {
  recordId += 1;
  return requestRecord({ recordId, ...facts });
}

/** So many clients that renewed in the last weeks. */
function fleet(size: number, days = 42): EventRecord[] {
  return Array.from({ length: days / 7 }, (_, week) =>
    Array.from({ length: size }, (__, n) =>
      record({ client: 1000 + n, machine: `ws${n}.corp.test`, time: NOW - (week * 7 + 1) * DAY_S - n * MINUTE_S }),
    ),
  ).flat();
}

function report(engine: Engine, clients: number, time = NOW - MINUTE_S, office?: number): void {
  const counts = [
    { key: '661f7658-7035-4b4c-9f35-010682943ec2', pool: 'windows' as const, clients },
    ...(office === undefined
      ? []
      : [{ key: '47f3b983-7c53-4d45-abc6-bcd91e2dd90a', pool: 'office' as const, clients: office }]),
  ];
  engine.takeReports([{ host: hostName(HOST), time: seconds(time), counts, activationInterval: undefined }]);
}

const GRACE = { status: 2, minutes: 40_000 } as const;

it('finds a golden image on its first day, and has a lease for each machine', () => {
  const names = Array.from({ length: 40 }, (_, n) => `gold-${n}.corp.test`);
  const store = storeOf(names.map((machine, n) => record({ machine, time: NOW - HOUR_S + n * MINUTE_S, ...GRACE })));
  const aggregates = store.engine.aggregates(seconds(NOW));
  expect(aggregates).toMatchObject({ duplicateClientIds: 1, duplicateMachines: 40 });
  expect(store.leases({ duplicate: true })).toHaveLength(40);
  expect(store.leases({ duplicate: false })).toEqual([]);
  const told = store.explain('gold-0');
  expect(told.headline).toContain('they are clones');
  expect(told.actions.join(' ')).toMatch(/rearm.*SkipRearm/s);
});

it('sees a clone that falls silent, while the others go on', () => {
  const renew = (machine: string, days: number) => record({ machine, time: NOW - days * DAY_S, minutes: 249_120 });
  const others = [176, 169, 162, 100, 30, 2].flatMap((days) => [renew('tmpl-1', days), renew('tmpl-2', days - 0.1)]);
  const store = storeOf([...fleet(30), renew('tmpl-3', 176), ...others]);
  const [silent] = store.leases({ client: 'tmpl-3' });
  expect(silent).toMatchObject({ client: 'tmpl-3', state: 'expiring', duplicate: true });
  expect(store.explain('tmpl-3').headline).toContain('tmpl-1');
});

it('says what a machine is called now, and since when', () => {
  const before = record({ machine: 'desktop-1', time: NOW - 20 * DAY_S });
  const after = record({ machine: 'ws-0417.corp.test', time: NOW - 15 * DAY_S });
  const { explain } = storeOf([before, after, record({ machine: 'ws-0417.corp.test', time: NOW - DAY_S })]);
  const since = new Date((NOW - 15 * DAY_S) * 1000).toISOString().slice(0, 10);
  expect(explain('DESKTOP-1').headline).toContain(`is called ws-0417.corp.test since ${since}`);
  expect(explain('DESKTOP-1').actions).toContain('For its activation: kmswatch explain ws-0417.corp.test');
  expect(JSON.stringify(explain('ws-0417'))).toContain('was previously called desktop-1');
});

it('believes a rebuilt host that counts 3, and not the log of the old one', () => {
  const store = storeOf(fleet(40));
  report(store.engine, 3, NOW - 10 * MINUTE_S);
  expect(store.marginOf('client')).toBe(-22);
  const { counts } = store.engine.aggregates(seconds(NOW)).hosts[0] ?? {};
  expect(counts).toEqual([{ pool: 'windows', own: 3, census: 40, disagrees: true }]);
});

it('tells a client of a rebuilt host what the host itself says', () => {
  const fresh = record({ client: 5, machine: 'fresh-0', time: NOW - 2 * MINUTE_S, ...GRACE });
  const store = storeOf(fleet(40));
  report(store.engine, 2, NOW - 5 * MINUTE_S);
  store.engine.ingest([{ source: 'http', records: [fresh], unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  const told = store.explain('fresh-0');
  expect(told.verdict).toBe('not_activated');
  expect(told.headline).toContain('itself says that it counts 3 of the 25');
  expect(told.actions.join()).toContain('wait: its clients ask within 7 days');
  expect(told.sections.flatMap(({ paragraphs }) => paragraphs).join()).not.toContain('had counted at least');
});

it('does not call a Home edition activated, no matter which host answers it', () => {
  const home = record({ client: 7, machine: 'home-1', activationId: '58e97c99-f377-4ef1-81d5-4ad5522b5fd8' });
  const { verdict, headline } = storeOf([...fleet(40), home]).explain('home-1');
  expect([verdict, headline]).toEqual(['at_risk', expect.stringContaining('which no genuine KMS host does')]);
  expect(headline).not.toContain('activated until');
});

it('judges a host that has a report and no log', () => {
  const store = storeOf([]);
  report(store.engine, 2, NOW - MINUTE_S, 3);
  expect([store.marginOf('office'), store.marginOf('server'), store.marginOf('client')]).toEqual([-2, -3, undefined]);
});

it('sees no trouble ahead for licensed clients of a log that begins three days ago', () => {
  const three = Array.from({ length: 60 }, (_, n) =>
    record({ client: n + 1, machine: `ws${n}.corp.test`, time: NOW - 3 * DAY_S + n * HOUR_S, minutes: 249_000 }),
  );
  const store = storeOf(three);
  for (let n = 0; n < 60; n++) {
    const { verdict, headline } = store.explain(`ws${n}.corp.test`);
    expect([verdict, headline]).toEqual(['activated', expect.not.stringContaining('trouble')]);
  }
});

it('does not call a licence that KMS never gives an activation by KMS', () => {
  const odd = [3, 2, 1].map((days) => record({ machine: 'k38-1', time: NOW - days * DAY_S, minutes: 5_000_000 }));
  const store = storeOf([...fleet(30), ...odd]);
  expect(store.leases({ state: 'other_license' })).toMatchObject([
    { client: 'k38-1', expiry: null, expiry_basis: null },
  ]);
  expect(store.leases({ state: 'unactivated' })).toEqual([]);
  expect(store.explain('k38-1').headline).toContain('licensed by something else than KMS');
});

it('takes an unknown product for Office once a client has it beside Windows, and says nothing of it before', () => {
  const open = { activationId: NOBODYS, nPolicy: 5, ...GRACE };
  const days = [21, 20, 14, 13];
  const uses = days.map((day, n) => record({ time: NOW - day * DAY_S, ...(n % 2 === 0 ? open : {}) }));
  expect(JSON.stringify(storeOf(uses.slice(0, 2)).explain('ws1'))).toContain('is not known');
  const { leases, explain } = storeOf(uses);
  expect(JSON.stringify(explain('ws1'))).not.toContain('is not known');
  expect(leases({ product: NOBODYS })).toMatchObject([{ class: 'office', pool: 'office', client_id: clientId(1) }]);
});

it('gives each non-persistent desktop its lease, says nothing of it, and forgets it after 30 days', () => {
  const settings = { ...DEFAULT_SETTINGS, leases: { ...DEFAULT_SETTINGS.leases, ephemeral: ['vdi-*'] } };
  // One image, whose desktops come up with the same client id and never keep their activation.
  const desktop = (n: number, days: number) =>
    record({ machine: `vdi-${n}.corp.test`, time: NOW - days * DAY_S, status: 2, minutes: 40_000 });
  const store = storeOf(
    [...fleet(30), ...[1, 2, 3, 1, 2, 3].map((n, index) => desktop(n, 20 - index)), desktop(4, 31)],
    settings,
  );
  const aggregates = store.engine.aggregates(seconds(NOW));
  expect(aggregates.duplicateClientIds).toBe(0);
  expect(store.leases({ client: 'vdi-' }).map(({ client, duplicate }) => [client, duplicate])).toEqual(
    ['vdi-1', 'vdi-2', 'vdi-3'].map((name) => [`${name}.corp.test`, false]),
  );
  expect(store.leases({ duplicate: true })).toEqual([]);
  const told = store.explain('vdi-1');
  expect(told.headline).not.toMatch(/clones|is called/);
  // Only the 30 that last are in any number about leases.
  expect(aggregates.classes.map(({ tally }) => tally.leases)).toEqual([30]);
  expect(aggregates.machines.physical + aggregates.machines.virtual).toBe(33);
  store.engine.groom(seconds(NOW));
  expect(store.engine.aggregates(seconds(NOW)).forgotten).toBe(1);
});
