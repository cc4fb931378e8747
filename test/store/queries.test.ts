import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, it, test } from 'vitest';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import type { LeaseQuery } from '../../src/store/queries.ts';
import { ClientHistoryQuery } from '../../src/store/reading/client-history.ts';
import { LeasePages } from '../../src/store/reading/lease-pages.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { hostName } from '../support/host-name.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;
let pages: LeasePages;
let stories: ClientHistoryQuery;

beforeAll(() => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const records = Array.from({ length: 1000 }, (_, n) => syntheticRecord(n, NOW - 2 * DAY_S));
  engine.ingest([{ source: 'import', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  const context = readContext(database, DEFAULT_SETTINGS);
  pages = new LeasePages(context);
  stories = new ClientHistoryQuery(context, pages);
});

function clients(query: LeaseQuery): string[] {
  const page = pages.page({ sort: 'client', ...query }, seconds(NOW));
  if (!page.ok) throw new Error(page.error.text);
  return page.value.leases.map(({ client }) => client);
}

test.each<[string, LeaseQuery, number]>([
  ['a part of the name', { client: 'WS12' }, 11],
  ['two letters', { client: '77' }, 5],
  ['a name that no machine has', { client: 'ws12x' }, 0],
  ['quotation marks', { client: '"ws"1*' }, 0],
  ['a class', { cls: 'client', limit: 1000 }, 500],
  ['another class', { cls: 'office' }, 0],
  ['a host', { host: hostName('kms01.corp.test'), limit: 1000 }, 500],
  ['a host that never was', { host: hostName('kms09.corp.test') }, 0],
  ['a product by name', { product: 'windows 10/11 pro', limit: 1000 }, 500],
  ['a product by id', { product: '2DE67392-b7a7-462a-b1ca-108dd189f588', limit: 3 }, 3],
  ['an end within days', { within: seconds(200 * DAY_S), limit: 1000 }, 500],
  ['a nearer end', { within: seconds(30 * DAY_S) }, 0],
  ['a state', { state: 'valid', limit: 1000 }, 500],
  ['another state', { state: 'renewal_failing' }, 0],
])('filters by %s', (_, query, count) => {
  for (const sort of ['expiry', 'client', 'last_request'] as const) {
    expect(clients({ ...query, sort }).length).toBe(count);
  }
});

it('keeps no name of a record that is dropped as a duplicate', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const record = syntheticRecord(1, NOW - 2 * DAY_S);
  if (record.body.kind !== 'request') throw new Error('not a request');
  const other = { ...record.body, machine: 'dropped', clientId: 'dddddddd-0000-4000-8000-000000000000' };
  for (const body of [record.body, other, { ...record.body, machine: 'dropped' }]) {
    engine.ingest(
      [{ source: 'import', records: [{ ...record, body }], unread: { ignored: 0, rejected: 0 } }],
      seconds(NOW),
    );
  }
  const kept = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
  expect([kept('records'), kept('machines'), kept('clients')]).toEqual([1, 1, 1]);
});

it('refuses a limit that is too large', () => {
  const page = pages.page({ limit: 1001 }, seconds(NOW));
  expect(page.ok ? '' : page.error.text).toBe('the limit must be 1 to 1000, is 1001. Correct the query.');
});

it('tells what happened to a machine, newest first, with the count at each time', () => {
  const story = stories.history('WS41', seconds(NOW));
  if (story.kind !== 'seen') throw new Error('the machine is unknown');
  expect(story.machine).toBe('ws41.corp.test');
  expect(story.leases.map(({ product, retrying }) => [product, retrying])).toEqual([['Windows 10/11 Pro', false]]);
  expect(
    story.requests.map(({ request, count }) => [
      request.time - (NOW - 2 * DAY_S),
      request.hresult,
      (count?.value ?? 0) >= 25,
    ]),
  ).toEqual([
    [541, 0, true],
    [41, 0xc004f06c, true],
  ]);
  expect(story.hosts).toMatchObject([{ host: 'kms01.corp.test' }]);
});

it('offers names that begin alike for one that nobody knows', () => {
  const story = stories.history('ws4x', seconds(NOW));
  expect(story).toMatchObject({ kind: 'unseen', asked: 'ws4x' });
  expect(story.kind === 'unseen' && story.similar).toContain('ws41.corp.test');
});
