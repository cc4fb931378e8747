import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import type { LeaseJson } from '../../leases/lease-json.ts';
import { LEASE_STATES } from '../../leases/types.ts';
import { LEASE_SORTS, type LeaseQuery } from '../queries.ts';
import { LeasePages } from './lease-pages.ts';
import { readContext } from './read-context.ts';

const MACHINES = 40;
/** Entries that a walk may visit: a few of the list, and more than it has. */
const [SHORT, LONG] = [7, 10_000];
const DAY = 86_400;

/** Clients that asked long ago and lately, in another order than that of their names; some are refused. */
function estate(limits?: { direct: number; most: number }): StoreInMemory {
  const store = new StoreInMemory(limits === undefined ? {} : { limits });
  store.take(
    ...Array.from({ length: MACHINES }, (_, n) => ({
      client: n + 1,
      recordId: n + 1,
      machine: `ws${(n * 7) % MACHINES}.corp.test`,
      time: NOW - ((n * 11) % MACHINES) * 5 * DAY,
      ...(n % 6 === 0 && { hresult: 0xc004f042, status: 0 as const, minutes: 0 }),
    })),
  );
  return store;
}

/** All pages of a list, and then back again. */
function walkThrough(pages: LeasePages, asked: LeaseQuery) {
  const page = (cursor?: string | null) => {
    const answer = pages.page(cursor == null ? asked : { ...asked, cursor }, seconds(NOW));
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value;
  };
  const there: LeaseJson[][] = [];
  let at = page();
  there.push([...at.leases]);
  while (at.next_cursor !== null) {
    at = page(at.next_cursor);
    there.push([...at.leases]);
  }
  const back = [[...at.leases]];
  while (at.previous_cursor !== null && back.length < there.length) {
    at = page(at.previous_cursor);
    back.push([...at.leases]);
  }
  return { there, back: back.toReversed() };
}

test.each(LEASE_SORTS.flatMap((sort) => [undefined, ...LEASE_STATES].map((state) => ({ sort, state }))))(
  'lists by $sort what is $state, however far it may walk',
  ({ sort, state }) => {
    for (const limits of [undefined, { direct: 5, most: 1000 }]) {
      const { database } = estate(limits);
      const asked = { sort, limit: 3, ...(state && { state }) };
      const short = walkThrough(new LeasePages(readContext(database, DEFAULT_SETTINGS), SHORT), asked);
      const long = walkThrough(new LeasePages(readContext(database, DEFAULT_SETTINGS), LONG), asked);
      expect(short).toEqual(long);
      expect(short.back).toEqual(short.there);
    }
  },
);

test('lists each lease once by each order', () => {
  const { database } = estate();
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS), SHORT);
  const [byEnd, byName, byRequest] = LEASE_SORTS.map((sort) => walkThrough(pages, { sort, limit: 3 }).there.flat());
  expect(byName).toHaveLength(MACHINES);
  expect(byName).toEqual(byEnd?.toSorted((a, b) => (a.client < b.client ? -1 : 1)));
  expect(byRequest).toEqual(byEnd?.toSorted((a, b) => (a.last_request > b.last_request ? -1 : 1)));
});

test.each(LEASE_SORTS)('turns a list by %s round, page by page', (sort) => {
  const { database } = estate();
  for (const walked of [SHORT, LONG]) {
    const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS), walked);
    const whole = walkThrough(pages, { sort, limit: 3 }).there.flat();
    const turned = walkThrough(pages, { sort, limit: 3, reverse: true });
    expect(turned.there.flat()).toEqual(whole.toReversed());
    expect(turned.back).toEqual(turned.there);
  }
});

test('refuses a cursor of the other direction', () => {
  const { database } = estate();
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS));
  const first = pages.page({ limit: 3 }, seconds(NOW));
  const cursor = first.ok ? (first.value.next_cursor ?? '') : '';
  expect(pages.page({ limit: 3, reverse: true, cursor }, seconds(NOW))).toMatchObject({ ok: false });
});

test('finds clients that have been silent for a time, and products by a part of their names', () => {
  const { database } = estate();
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS));
  const found = (asked: LeaseQuery) => walkThrough(pages, asked).there.flat();
  const silent = found({ silentFor: seconds(100 * DAY) });
  expect(silent).toEqual(found({}).filter(({ last_request: last }) => Date.parse(last) / 1000 <= NOW - 100 * DAY));
  expect(silent.length).toBeGreaterThan(5);
  expect(found({ product: 'pro windows' })).toHaveLength(MACHINES);
  expect(found({ product: 'pro server' })).toEqual([]);
});

test('finds the few that fit behind the end of a walk', () => {
  const { database } = estate();
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS), SHORT);
  const refused = walkThrough(pages, { sort: 'last_request', state: 'unactivated', limit: 3 }).there.flat();
  expect(refused).toHaveLength(Math.ceil(MACHINES / 6));
});

test('tells the activation interval of a host that reports for the first time after the pages were opened', () => {
  const { database, state } = estate();
  const pages = new LeasePages(readContext(database, DEFAULT_SETTINGS));
  const interval = () => pages.context(seconds(NOW)).interval(hostName(HOST));
  expect(interval()).toBe(DEFAULT_SETTINGS.leases.activationInterval);
  const report = { host: hostName(HOST), time: seconds(NOW), counts: [], activationInterval: seconds(600) };
  state.reports.add(state.names.hosts.no(hostName(HOST)), report, DAY);
  expect(interval()).toBe(600);
});
