import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { ACCESS, clientId, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import { ClientHistoryQuery } from './client-history.ts';
import { LeasePages } from './lease-pages.ts';
import { readContext } from './read-context.ts';

/** The database, with every run of a statement noted. */
function noted(database: DatabaseSync, runs: string[]): DatabaseSync {
  const prepare = (sql: string): StatementSync => {
    const statement = database.prepare(sql);
    for (const name of ['get', 'all', 'iterate', 'run'] as const) {
      const original = statement[name].bind(statement) as (...values: never[]) => never;
      Object.assign(statement, {
        [name]: (...values: never[]) => {
          runs.push(sql);
          return original(...values);
        },
      });
    }
    return statement;
  };
  return { prepare } as DatabaseSync;
}

function explain({ database }: StoreInMemory, machine: string, settings = DEFAULT_SETTINGS) {
  const runs: string[] = [];
  const spied = noted(database, runs);
  const context = readContext(spied, settings);
  const pages = new LeasePages(context);
  const query = new ClientHistoryQuery(context, pages);
  runs.length = 0;
  const story = query.history(machine, seconds(NOW));
  const reading = (part: string) => runs.filter((sql) => sql.includes(part)).length;
  return { story, runs, reading };
}

function storeWithRequests(count: number): StoreInMemory {
  return new StoreInMemory().take(...Array.from({ length: count }, (_, n) => ({ time: NOW - n, recordId: n })));
}

it('works out counts for the requests that are shown alone, and reads each census once', () => {
  const { story, reading } = explain(storeWithRequests(3000), 'ws1');
  expect(story.kind === 'seen' && story.requests.length).toBe(200);
  // Of those shown, of the last request, and of now.
  expect(reading('FROM reports')).toBeLessThanOrEqual(203);
  expect(reading('FROM host_pools')).toBe(1);
});

it('runs no statement more for a client with fifteen times as many requests', () => {
  const [few, many] = [200, 3000].map((count) => explain(storeWithRequests(count), 'ws1').runs.length);
  expect(many).toBe(few);
});

it('finds a client by a name that it had before, in leases that wait to be merged too', () => {
  const store = new StoreInMemory({ limits: { direct: 0, most: 100 } });
  store.take({ time: NOW - 9 }, { client: 2 }).take({ machine: 'renamed.corp.test', time: NOW });
  expect(explain(store, 'renamed').story).toMatchObject({
    ...{ kind: 'seen', machine: 'renamed.corp.test', formerNames: [{ machine: 'ws1.corp.test', lastUsed: NOW - 9 }] },
    leases: [{ lease: { last: { time: NOW } } }],
  });
  expect(explain(store, 'WS1').story).toMatchObject({ kind: 'seen', machine: 'ws1.corp.test' });
});

it('tells that a machine is retired, until it asks again', () => {
  const store = new StoreInMemory().take({}).retire('ws1', NOW + 5);
  expect(explain(store, 'ws1.corp.test').story).toMatchObject({ retiredAt: NOW + 5 });
  store.take({ activationId: ACCESS, time: NOW + 6 });
  expect(explain(store, 'ws1.corp.test').story).toMatchObject({ retiredAt: undefined });
});

it('tells which machines share the client id, and no former names by it', () => {
  const store = new StoreInMemory();
  for (const [n, machine] of ['a', 'b', 'a'].entries()) store.take({ machine, time: NOW + n, recordId: n });
  expect(explain(store, 'a').story).toMatchObject({
    formerNames: [],
    duplicates: [{ clientId: clientId(1), machines: ['a', 'b'] }],
  });
});

it('says of a name that nobody has which names begin alike, and which logs are read', () => {
  const { story } = explain(new StoreInMemory().take({}, { client: 2, machine: 'srv1' }), 'WS1X');
  expect(story).toMatchObject({ kind: 'unseen', asked: 'WS1X', similar: ['ws1.corp.test'] });
  expect(story.hosts).toMatchObject([{ host: 'kms1.corp.test', read: false, firstRecord: NOW, lastRecord: NOW }]);
});

it('knows the hosts that are configured or published too, and that an import is no reading', () => {
  const store = new StoreInMemory().take({});
  store.database.exec(
    "INSERT INTO sightings (domain, target, port, at) VALUES ('corp.test', 'kms3.corp.test', 1688, 0)",
  );
  const none = { read: false, firstRecord: undefined };
  const settings = { ...DEFAULT_SETTINGS, hosts: [hostName('kms2.corp.test')] };
  expect(explain(store, 'nobody', settings).story.hosts).toMatchObject([
    { host: 'kms1.corp.test', read: false, imported: true },
    { host: 'kms2.corp.test', ...none },
    { host: 'kms3.corp.test', ...none },
  ]);
});

it('finds a client by its name in either form of its letters with marks', () => {
  const store = new StoreInMemory().take({ machine: 'b\u00fcro.corp.test' });
  expect(explain(store, 'Bu\u0308ro').story).toMatchObject({ kind: 'seen', machine: 'b\u00fcro.corp.test' });
  expect(explain(store, 'bu\u0308ra').story).toMatchObject({ kind: 'unseen', similar: ['b\u00fcro.corp.test'] });
});

it('reports no rename between machines with different client ids', () => {
  const store = new StoreInMemory()
    .take({ machine: 'pc1.a.example.com', time: NOW - 9 })
    .take({ machine: 'pc1.b.example.com', time: NOW, client: 2 });
  expect(explain(store, 'pc1.b.example.com').story).toMatchObject({ formerNames: [], renamedTo: undefined });
  expect(explain(store, 'pc1').story).toMatchObject({ machine: 'pc1.b.example.com', formerNames: [] });
});

it('tells of no rename where a new machine was given the name of a renamed one', () => {
  const store = new StoreInMemory()
    .take({ machine: 'reuse', time: NOW - 99 })
    .take({ machine: 'reuse-new', time: NOW - 50 })
    .take({ machine: 'reuse', time: NOW, client: 2 });
  expect(explain(store, 'reuse').story).toMatchObject({ machine: 'reuse', formerNames: [], renamedTo: undefined });
  expect(explain(store, 'reuse-new').story).toMatchObject({
    formerNames: [{ machine: 'reuse', lastUsed: NOW - 99 }],
  });
});
