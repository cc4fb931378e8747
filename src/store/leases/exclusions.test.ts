import { expect, it, test } from 'vitest';
import {
  ACCESS,
  ENTERPRISE,
  EXCEL,
  NOW,
  PRO,
  type RequestFacts,
  SERVER,
  StoreInMemory,
} from '../../../test/store/store-in-memory.ts';
import { DAY_S } from '../../kernel/time.ts';
import { RETIRED, SUPERSEDED } from './exclusion-bits.ts';

const MONTH = 30 * DAY_S;

/** The exclusion of client 1's lease of the first of these products, and whether their order makes a difference. */
function exclusionAfter(first: RequestFacts, second: RequestFacts): number[] {
  const own = first.activationId ?? PRO;
  const together = new StoreInMemory().take(first, second);
  const inOrder = new StoreInMemory().take(first).take(second);
  const late = new StoreInMemory().take(second).take(first);
  return [together, inOrder, late].map((store) => store.exclusion(1, own));
}

test.each<[string, RequestFacts, RequestFacts, number]>([
  [
    'supersedes a Windows lease once the machine asks with another',
    {},
    { activationId: SERVER, time: NOW + 1 },
    SUPERSEDED,
  ],
  [
    'supersedes a Windows lease after a new installation',
    {},
    { client: 2, machine: 'ws1.corp.test', time: NOW + 1 },
    SUPERSEDED,
  ],
  [
    'supersedes a Windows lease by a request that was refused',
    {},
    { activationId: ENTERPRISE, time: NOW + 1, hresult: 7 },
    SUPERSEDED,
  ],
  ['supersedes no Windows lease by one of another machine', {}, { client: 2, time: NOW + 1 }, 0],
  ['supersedes no Windows lease by Office', {}, { activationId: ACCESS, time: NOW + 2 * MONTH }, 0],
  ['keeps two Office leases side by side', { activationId: ACCESS }, { activationId: EXCEL, time: NOW + MONTH }, 0],
  [
    'supersedes an Office lease that was silent for more than a month',
    { activationId: ACCESS },
    { activationId: EXCEL, time: NOW + MONTH + 1 },
    SUPERSEDED,
  ],
  ['knows a machine by its bare name as well', {}, { client: 2, machine: 'ws1', time: NOW + 1 }, SUPERSEDED],
  [
    'knows a machine by its FQDN as well',
    { machine: 'ws1' },
    { client: 2, machine: 'ws1.corp.test', time: NOW + 1 },
    SUPERSEDED,
  ],
  ['takes the FQDNs of two domains for two machines', {}, { client: 2, machine: 'ws1.other.test', time: NOW + 1 }, 0],
  ['lets the record id decide within one second', { recordId: 1 }, { activationId: SERVER, recordId: 2 }, SUPERSEDED],
  ['keeps the later one of one second', { recordId: 2 }, { activationId: SERVER, recordId: 1 }, 0],
  [
    'lets the host decide within one second',
    { recordId: 9 },
    { activationId: SERVER, host: 'kms2.corp.test' },
    SUPERSEDED,
  ],
])('%s', (_, first, second, exclusion) => {
  expect(exclusionAfter(first, second)).toEqual([exclusion, exclusion, exclusion]);
});

it('brings a superseded lease back once it asks again', () => {
  const store = new StoreInMemory().take({}).take({ activationId: SERVER, time: NOW + 1 });
  store.take({ time: NOW + 2 });
  expect([store.exclusion(1, PRO), store.exclusion(1, SERVER)]).toEqual([0, SUPERSEDED]);
});

it('supersedes all leases of a machine but the newest', () => {
  const ids = [PRO, ENTERPRISE, SERVER];
  const store = new StoreInMemory().take(...ids.map((activationId, n) => ({ activationId, time: NOW + n })));
  expect(ids.map((id) => store.exclusion(1, id))).toEqual([SUPERSEDED, SUPERSEDED, 0]);
});

it('supersedes a lease by the request of a machine that has another name now', () => {
  const store = new StoreInMemory().take({}).take({ client: 2, machine: 'ws1.corp.test', time: NOW + 1 });
  store.take({ client: 2, machine: 'renamed.corp.test', time: NOW + 2 });
  expect([store.exclusion(1), store.exclusion(2)]).toEqual([SUPERSEDED, 0]);
});

it('does not supersede a lease by its own request under a former name', () => {
  const store = new StoreInMemory().take({ machine: 'old.corp.test' }).take({ time: NOW + 1 });
  store.take({ machine: 'old.corp.test', time: NOW + 2, recordId: 5 }).take({ time: NOW + 2, recordId: 6 });
  expect(store.exclusion()).toBe(0);
});

test.each([
  ['after its last request', 'ws1.corp.test', 1, RETIRED],
  ['in the second of its last request', 'ws1.corp.test', 0, RETIRED],
  ['before its last request', 'ws1.corp.test', -1, 0],
  ['by its bare name', 'ws1', 1, RETIRED],
  ['by the name of another', 'ws2.corp.test', 1, 0],
])('a machine that was retired %s', (_, name, after, exclusion) => {
  expect(
    new StoreInMemory()
      .take({}, { client: 2 })
      .retire(name, NOW + after)
      .exclusion(),
  ).toBe(exclusion);
});

it('counts a retired machine again once it asks, with any of its leases', () => {
  const store = new StoreInMemory().take({}, { activationId: ACCESS, recordId: 2 }).retire('ws1.corp.test', NOW + 5);
  expect([store.exclusion(), store.exclusion(1, ACCESS)]).toEqual([RETIRED, RETIRED]);
  store.take({ activationId: ACCESS, time: NOW + 6 });
  expect([store.exclusion(), store.exclusion(1, ACCESS)]).toEqual([0, 0]);
});

it('counts a machine that was retired by its FQDN again once it asks by its bare name', () => {
  const store = new StoreInMemory().take({}).retire('ws1.corp.test', NOW + 5);
  store.take({ client: 2, machine: 'ws1', time: NOW + 6 });
  expect([store.exclusion(1), store.exclusion(2)]).toEqual([SUPERSEDED, 0]);
});

it('keeps a retirement that is later than another one', () => {
  const store = new StoreInMemory()
    .take({})
    .retire('ws1.corp.test', NOW + 9)
    .retire('ws1.corp.test', NOW - 9);
  expect(store.exclusion()).toBe(RETIRED);
  expect(new StoreInMemory({ database: store.database }).take({ time: NOW + 8 }).exclusion()).toBe(RETIRED);
});

it('tells the last request under names, one that has a new name since as well', () => {
  const store = new StoreInMemory().take({}).take({ machine: 'renamed.corp.test', time: NOW + 5 });
  const { machines } = store.state.names;
  const last = (...names: readonly string[]) => store.state.exclusions.lastOf(names.map((name) => machines.no(name)));
  expect([last('ws1.corp.test'), last('renamed.corp.test'), last('ws1.corp.test', 'renamed.corp.test')]).toEqual([
    ...[NOW, NOW + 5, NOW + 5],
  ]);
  expect(last('unseen.corp.test')).toBe(0);
});
