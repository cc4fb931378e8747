import { expect, it } from 'vitest';
import { ACCESS, NOBODYS, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, type Seconds, seconds } from '../../kernel/time.ts';
import { forecast } from './forecast.ts';

it('tells the census of each day ahead, and the leases that end within it', () => {
  const { state } = new StoreInMemory().take(
    { time: NOW - 29 * DAY_S },
    { client: 2 },
    { client: 3, minutes: 1 * 1440, hresult: 7 },
    { client: 4, minutes: 2 * 1440, hresult: 7 },
  );
  expect(forecast(state, { days: 3, without: null }, seconds(NOW))).toEqual({
    asOf: NOW,
    days: 3,
    without: null,
    stopping: null,
    hosts: [
      {
        ...{ host: 'kms1.corp.test', cls: 'client', pool: 'windows', census: [2, 1, 1, 1], ends: [1, 1, 0] },
        ...{ count: null, threshold: null, breach: null },
      },
    ],
  });
});

it('counts a client that is dated ahead by the contact before, until its time has come', () => {
  const { state } = new StoreInMemory().take({ time: NOW + DAY_S / 2 }, { client: 2, time: NOW - 30 * DAY_S + 60 });
  state.table.setExclusion(1, 0);
  const store = new StoreInMemory().take(
    { client: 2, time: NOW - 29.5 * DAY_S },
    { client: 2, time: NOW + 2.5 * DAY_S },
  );
  const censusOf = (one: typeof state) =>
    forecast(one, { days: 4, without: null }, seconds(NOW)).hosts.map(({ census }) => census);
  expect(censusOf(state)).toEqual([[1, 1, 1, 1, 1]]);
  expect(censusOf(store.state)).toEqual([[1, 0, 0, 1, 1]]);
});

it('leaves out what is superseded, retired or ended, and classes of which there is nothing to tell', () => {
  const store = new StoreInMemory().take(
    { minutes: 60, time: NOW - 7200 },
    { client: 2, activationId: ACCESS, minutes: 1440 },
    { client: 3, activationId: NOBODYS, nPolicy: 5, minutes: 60, host: 'kms2.corp.test' },
  );
  store.retire('ws2.corp.test', NOW);
  expect(
    forecast(store.state, { days: 1, without: null }, seconds(NOW)).hosts.map(({ host, cls, census, ends }) => [
      host,
      cls,
      census,
      ends,
    ]),
  ).toEqual([
    ['kms2.corp.test', 'unknown', null, [1]],
    ['kms1.corp.test', 'client', [1, 1], [0]],
    ['kms1.corp.test', 'office', [1, 1], [0]],
  ]);
});

it('goes on with all but those that stop, and says when the count falls below its threshold', () => {
  const stopping = [5, 4, 3, 2].map((day, index) => ({
    ...{ client: 20 + index, machine: `br7-${index}.corp.test`, time: NOW - day * DAY_S, minutes: 1440, hresult: 0 },
  }));
  const { state } = new StoreInMemory().take(
    ...stopping,
    { client: 1, machine: 'hq-1.corp.test', time: NOW - 29 * DAY_S },
    { client: 2, machine: 'hq-2.corp.test', time: NOW - 10 * DAY_S },
    { client: 3, machine: 'br70', time: NOW - 10 * DAY_S },
  );
  const host = hostName('kms1.corp.test');
  const known = [{ host, margins: [{ cls: 'client', margin: 7 - 25, breach: seconds(NOW - DAY_S) }] }] as const;
  const [below] = forecast(state, { days: 40, without: 'BR7-*' }, seconds(NOW), known).hosts;
  expect(below).toMatchObject({ count: 7, threshold: 25, breach: NOW - DAY_S });

  // Four stop, and three go on: with a threshold of 5 two of the four have to be left.
  const small = { ...state.settings, thresholds: { client: 5, server: 5, office: 5 } };
  state.configure(small);
  const margins = [{ host, margins: [{ cls: 'client', margin: 2, breach: seconds(NOW + DAY_S) }] }] as const;
  const told = forecast(state, { days: 40, without: 'br7-*' }, seconds(NOW), margins);
  expect(told).toMatchObject({ without: 'br7-*', stopping: 4 });
  expect(told.hosts[0]).toMatchObject({ count: 7, threshold: 5, breach: NOW + 27 * DAY_S });
  expect(told.hosts[0]?.census?.slice(24)).toEqual([7, 6, 5, 4, 3, ...new Array(12).fill(3)]);
  const stoppingFor = (without: string) => forecast(state, { days: 40, without }, seconds(NOW), margins).stopping;
  expect(['br7-1', 'br7-1.corp.test', '*7-3', 'br70', 'br7', '*.corp.test'].map(stoppingFor)).toEqual([
    1, 1, 1, 1, 0, 6,
  ]);
  expect(forecast(state, { days: 40, without: 'br?-*' }, seconds(NOW), margins)).toMatchObject({ stopping: 0 });
  expect(forecast(state, { days: 40, without: null }, seconds(NOW), margins).hosts[0]?.breach).toBe(NOW + DAY_S);
});

it('knows no count while a history is coming in: a part of it would say that the count has fallen', () => {
  const { state } = new StoreInMemory().take({ time: NOW - 29 * DAY_S });
  const margins = [{ cls: 'client' as const, margin: -24, breach: seconds(NOW) }];
  const countIf = (historyAt?: Seconds) =>
    forecast(state, { days: 1, without: null }, seconds(NOW), [
      { host: hostName('kms1.corp.test'), margins, historyAt },
    ]).hosts[0];
  expect(countIf()).toMatchObject({ count: 1, threshold: 25, breach: NOW });
  expect(countIf(seconds(NOW - 30))).toMatchObject({ census: [1, 0], count: null, threshold: null, breach: null });
});
