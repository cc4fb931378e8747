import { expect, it } from 'vitest';
import { NOBODYS, PRO, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { boundsOf } from '../../kernel/calendar-month.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { ProductCatalogue } from '../../products/product-catalogue.ts';
import { writeOfficeProducts } from '../history/office-products.ts';
import { closeMonth, dueMonths, monthReport, takeOutages } from './months.ts';

const [OCTOBER, NOVEMBER] = boundsOf('2026-10');
const LATER = seconds(NOVEMBER + 8 * DAY_S);

function storeOf(...requests: readonly RequestFacts[]) {
  const { state } = new StoreInMemory().take(...requests);
  state.save();
  const { database } = state;
  const { settings } = state;
  return { database, report: (now = LATER) => monthReport(database, settings, '2026-10', now) };
}

const REQUESTS: readonly RequestFacts[] = [
  { client: 1, time: OCTOBER - 3 * DAY_S },
  { client: 1, time: OCTOBER + DAY_S },
  { client: 2, time: OCTOBER + DAY_S, virtual: true, machine: 'ws2' },
  { client: 2, time: OCTOBER + 9 * DAY_S, virtual: true },
  { client: 3, time: OCTOBER - DAY_S },
  { client: 4, time: OCTOBER + 2 * DAY_S, hresult: 0xc004f038, minutes: 0 },
  { client: 5, time: NOVEMBER },
];

it('counts the machines of a month: by product, physical and virtual, new and gone', () => {
  const { report } = storeOf(...REQUESTS);

  expect(report()).toMatchObject({
    month: '2026-10',
    from: '2026-10-01T00:00:00Z',
    until: '2026-11-01T00:00:00Z',
    closed: false,
    machines: { active: 2, physical: 1, virtual: 1, new: 1, gone: 1 },
    products: [{ class: 'client', active: 2, physical: 1, virtual: 1, new: 1, gone: 1, support: 'partly' }],
    days: [
      { day: '2026-10-02', machines: 2, requests: 2, failed: 0 },
      { day: '2026-10-03', machines: 0, requests: 1, failed: 1 },
      { day: '2026-10-10', machines: 1, requests: 1, failed: 0 },
    ],
    hosts: [{ host: 'kms1.corp.test', requests: 4, machines: 2, keys: [] }],
    changes: [],
  });
});

it('gives a product the class that its leases have, even if no table names it', () => {
  const other = NOBODYS.replace(/a$/, 'b'); // of no table either, and a client: it needs 25
  const { database, report } = storeOf(
    { client: 1, time: OCTOBER + 60, activationId: NOBODYS, nPolicy: 5 },
    { client: 1, time: OCTOBER + 120 },
    { client: 3, time: OCTOBER + 60, activationId: other },
  );
  const catalogue = new ProductCatalogue({ products: [] });
  catalogue.inferOffice([NOBODYS]);
  writeOfficeProducts(database, catalogue);
  const classes = report().products.map(({ activation_id: id, class: cls }) => [id, cls]);
  expect(Object.fromEntries(classes)).toMatchObject({ [NOBODYS]: 'office', [PRO]: 'client', [other]: 'client' });
});

it('gives a product of which a lease only lapsed the class of that lease', () => {
  const { report } = storeOf({ client: 2, time: OCTOBER - 175 * DAY_S, activationId: NOBODYS });
  expect(report().products).toMatchObject([{ activation_id: NOBODYS, class: 'client', active: 0, lapsed: 1 }]);
});

it('knows an old machine by a lease that waits to be merged', () => {
  const { database, report } = storeOf(...REQUESTS);
  const before = report();
  expect(before.machines.new).toBe(1);
  database.exec('INSERT INTO lease_changes SELECT * FROM leases; DELETE FROM leases');
  expect(report()).toMatchObject({ machines: before.machines, products: before.products });
});

it('counts a machine once a day and host that asks under its bare name and its full one', () => {
  const full = 'ws1.corp.test';
  const { report } = storeOf(
    { client: 1, time: OCTOBER + DAY_S, machine: 'ws1' },
    { client: 1, time: OCTOBER + DAY_S + 60, machine: full },
  );
  expect(report()).toMatchObject({
    machines: { active: 1 },
    days: [{ machines: 1, requests: 2 }],
    hosts: [{ machines: 1, requests: 2 }],
  });
});

it('does not know who is gone without the month before', () => {
  const { report } = storeOf({ client: 1, time: OCTOBER + DAY_S });
  expect(report().machines).toMatchObject({ active: 1, new: 1, gone: null });
});

it('stays as it was closed, and lists what came later', () => {
  const store = new StoreInMemory().take(...REQUESTS);
  store.state.save();
  const { database } = store.state;
  const { settings } = store.state;
  expect(dueMonths(database, LATER)).toEqual(['2026-09', '2026-10']);
  expect(dueMonths(database, seconds(NOVEMBER + 6 * DAY_S))).toEqual(['2026-09']);
  const closed = monthReport(database, settings, '2026-10', LATER);
  closeMonth(database, closed, LATER);
  expect(dueMonths(database, LATER)).toEqual(['2026-09']);

  store.take({ client: 9, time: OCTOBER + 20 * DAY_S }, { client: 3, time: OCTOBER + 21 * DAY_S });
  store.state.save();
  const later = monthReport(database, settings, '2026-10', seconds(LATER + DAY_S));

  expect(later).toMatchObject({ closed: true, as_of: closed.as_of, machines: closed.machines, days: closed.days });
  expect(later.changes.filter(({ product }) => product === null)).toEqual([
    { product: null, figure: 'active', closed: 2, now: 4 },
    { product: null, figure: 'physical', closed: 1, now: 3 },
    { product: null, figure: 'new', closed: 1, now: 2 },
    { product: null, figure: 'gone', closed: 1, now: 0 },
  ]);
  expect(later.changes).toContainEqual({ product: closed.products[0]?.product, figure: 'new', closed: 1, now: 2 });
  closeMonth(database, { ...later, days: [] }, LATER);
  expect(monthReport(database, settings, '2026-10', LATER).days).toEqual(closed.days);
});

it('keeps outages, each with its length in the month', () => {
  const { database, report } = storeOf(...REQUESTS);
  const down = { name: 'KmsHostDown', subject: '{"host":"kms1"}', since: OCTOBER - DAY_S };
  takeOutages(database, [down], seconds(OCTOBER));
  takeOutages(database, [down], seconds(OCTOBER + DAY_S));
  takeOutages(database, [], seconds(OCTOBER + DAY_S));
  takeOutages(database, [{ ...down, since: NOVEMBER - 60 }], seconds(NOVEMBER));

  expect(report().outages).toEqual([
    {
      ...{ name: 'KmsHostDown', subject: { host: 'kms1' }, from: '2026-09-30T00:00:00Z' },
      ...{ until: '2026-10-02T00:00:00Z', seconds: DAY_S },
    },
    { name: 'KmsHostDown', subject: { host: 'kms1' }, from: '2026-10-31T23:59:00Z', until: null, seconds: 60 },
  ]);
});

it('has nobody gone and no outage in a month that has not begun', () => {
  const { database, report } = storeOf({ client: 1, time: OCTOBER - 3 * DAY_S });
  takeOutages(database, [{ name: 'KmsHostDown', subject: '{}', since: OCTOBER - DAY_S }], seconds(OCTOBER - 1));

  expect(report(seconds(OCTOBER - 1))).toMatchObject({ machines: { active: 0, gone: null }, outages: [] });
  expect(report(OCTOBER)).toMatchObject({ machines: { gone: 1 }, outages: [{ until: null, seconds: 0 }] });
});

it('says how far a move is, and who still renews; a closed month keeps the figures and no names', () => {
  const store = new StoreInMemory().take(
    { client: 1, time: OCTOBER + DAY_S, machine: 'ws1' },
    { client: 2, time: OCTOBER + 2 * DAY_S, host: 'kms2.corp.test' },
    { client: 3, time: OCTOBER + 2 * DAY_S },
  );
  store.state.save();
  const { database } = store;
  const { settings } = store.state;
  const migrating = { to: 'kms2.corp.test', since: OCTOBER };
  const moving = { ...settings, leases: { ...settings.leases, migrating } };
  const reportOf = (month = '2026-10') => monthReport(database, moving, month, LATER);
  const figures = { to: 'kms2.corp.test', since: '2026-10-01T00:00:00Z', moved: 1, left: 2, guessed: false };
  expect(reportOf().move).toEqual({ ...figures, still_renewing: ['ws1', 'ws3.corp.test'] });
  expect(reportOf('2026-09').move).toBeNull();
  expect(monthReport(database, settings, '2026-10', LATER).move).toBeNull();

  closeMonth(database, reportOf(), LATER);
  expect(String(database.prepare('SELECT report FROM closed_months').get()?.['report'])).not.toContain('ws1');
  store.take({ client: 1, time: NOVEMBER, machine: 'ws1', host: 'kms2.corp.test' });
  store.state.save();
  expect(reportOf().move).toEqual({ ...figures, still_renewing: ['ws3.corp.test'] });
});
