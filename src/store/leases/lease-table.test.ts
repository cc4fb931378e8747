import { expect, it, test } from 'vitest';
import { ACCESS, NOW, PRO, SERVER, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { seconds } from '../../kernel/time.ts';
import { RETIRED, SUPERSEDED } from './exclusion-bits.ts';
import { isFailed, isVirtual, unpacked } from './lease-bits.ts';
import { LeaseTable, type LeaseValues } from './lease-table.ts';

const ROW: LeaseValues = {
  ...{ client: 1, product: 2, first: 10, confirmed: 500, presumed: 0, renewalAt: 20, renewalMachine: 3 },
  ...{ previous: 0, runStart: 10, anomalies: 4, last: 20, record: 9, host: 4, machine: 3, flags: 0 },
};

function tableWith(rows: Readonly<Record<number, Partial<LeaseValues>>>): LeaseTable {
  const table = new LeaseTable();
  for (const [id, row] of Object.entries(rows)) table.load(Number(id), { ...ROW, ...row });
  return table;
}

it('finds a lease by client and product, and 0 where there is none', () => {
  const table = tableWith({ 1: {}, 2: { product: 5 }, 3: { client: 7 } });
  expect([table.find(1, 2), table.find(1, 5), table.find(7, 2)]).toEqual([1, 2, 3]);
  expect([table.find(7, 5), table.find(9, 2)]).toEqual([0, 0]);
  expect(table.length).toBe(4);
});

it('moves a lease to the machine of its last request', () => {
  const table = tableWith({ 1: {}, 2: {} });
  table.load(1, { ...ROW, machine: 8 });
  expect([[...table.ofMachine(3)], [...table.ofMachine(8)], [...table.ofClient(1)]]).toEqual([[2], [1], [2, 1]]);
});

it('knows nothing of a lease that was removed', () => {
  const table = tableWith({ 1: {}, 2: {} });
  table.remove(1);
  expect([table.isKnown(1), table.isIncluded(1), table.find(1, 2)]).toEqual([false, false, 2]);
  expect([[...table.ofMachine(3)], [...table.ofClient(1)]]).toEqual([[2], [2]]);
});

test.each([
  [0, true],
  [SUPERSEDED, false],
  [RETIRED, false],
  [SUPERSEDED | RETIRED, false],
])('with exclusion %d it is included: %s', (exclusion, isIncluded) => {
  const table = tableWith({ 1: { flags: 2 } });
  table.setExclusion(1, 3);
  table.setExclusion(1, exclusion);
  expect([table.exclusion(1), table.isIncluded(1), table.cls(1)]).toEqual([exclusion, isIncluded, 2]);
});

it('ends with the later of what is confirmed and what is presumed', () => {
  const table = tableWith({ 1: {}, 2: { presumed: 700 }, 3: { confirmed: 0 } });
  expect([1, 2, 3].map((id) => table.expiry(id))).toEqual([500, 700, 0]);
});

it('is folded on from what it holds, with nothing where it holds none', () => {
  const table = tableWith({ 1: {}, 2: { renewalAt: 0, confirmed: 0, previous: 15, presumed: 800 } });
  const nameOf = (no: number) => `ws${no}`;
  expect(table.folded(1, nameOf)).toEqual({
    ...{
      first: 10,
      confirmed: 500,
      presumed: undefined,
      doubt: false,
      previous: undefined,
      runStart: 10,
      ...{ anomalies: 0, anomaliesInRow: 0, wasPlausible: true },
    },
    ...{ renewal: { time: 20, machine: 'ws3', presumed: false }, last: { time: 20 } },
  });
  expect(table.folded(2, nameOf)).toMatchObject({
    ...{ confirmed: undefined, presumed: 800, previous: 15, renewal: undefined },
  });
});

it('keeps the exclusion of a lease that is folded on, and has the flags of its last request', () => {
  const store = new StoreInMemory().take({ time: NOW - 100, activationId: ACCESS });
  const { table } = store.state;
  const id = store.lease(1, ACCESS);
  table.setExclusion(id, RETIRED);
  const last = store.state.records.get(table.record.get(id));
  if (last === undefined) throw new Error('no request');
  const lease = { ...table.folded(id, () => ''), clientId: last.clientId, activationId: last.activationId };
  table.put(id, { ...lease, anomalies: 70_000 }, { ...last, hresult: 7, virtual: true, clientTime: seconds(NOW) }, 0);
  const flags = () => table.flags.get(id);
  expect([table.exclusion(id), isFailed(flags()), isVirtual(flags()), table.isClockOff(id)]).toEqual([
    ...[RETIRED, true, true, false],
  ]);
  expect(unpacked(table.anomalies.get(id)).anomalies).toBe(65_535);
  table.put(id, lease, { ...last, clientTime: seconds(last.time - 4 * 3600 - 1) }, 0);
  expect([isFailed(flags()), isVirtual(flags()), table.isClockOff(id)]).toEqual([false, false, true]);
});

it('has the class of each product', () => {
  const products = [PRO, SERVER, ACCESS];
  const store = new StoreInMemory().take(...products.map((activationId, n) => ({ activationId, recordId: n + 1 })));
  expect(products.map((id) => store.state.table.cls(store.lease(1, id)))).toEqual([0, 1, 2]);
});

it('has no end for a licence of another kind', () => {
  const claims = [3, 2, 1].map((days) => ({ time: NOW - days * 86_400, recordId: days, minutes: 0 }));
  const store = new StoreInMemory().take({ time: NOW - 9 * 86_400, recordId: 9 }, ...claims);
  expect([store.state.table.isOtherLicense(1), store.state.table.expiry(1)]).toEqual([true, 0]);
  store.take({ recordId: 10 });
  expect([store.state.table.isOtherLicense(1), store.state.table.expiry(1)]).toEqual([false, NOW + 180 * 86_400]);
});

it('finds the lease of one machine of a shared client id', () => {
  const table = tableWith({ 1: {}, 2: { machine: 8 } });
  expect([table.find(1, 2, 3), table.find(1, 2, 8), table.find(1, 2, 9), table.find(1, 5, 8)]).toEqual([1, 2, 0, 0]);
});
