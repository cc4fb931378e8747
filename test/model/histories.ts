/**
 * Random small worlds: few clients and machines, so that they meet, at distances at which the rules turn.
 * The same generators serve every implementation of the rules.
 */

import fc from 'fast-check';
import { DAY_S, HOUR_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import type { LeaseClass } from '../../src/leases/types.ts';
import type { ModelRecord, ModelReport, ModelSettings, World } from './world.ts';

/** 2024-01-01T00:00:00Z */
export const HISTORY_START = 1_704_067_200;

const HOSTS = ['kms01.corp.test', 'kms02.corp.test'] as const;
const MACHINES = [
  'ws1',
  'ws1.a.test',
  'ws1.b.test',
  'ws2',
  'ws2.a.test',
  'pc-with-a-long-',
  'pc-with-a-long-name',
  'pc-with-a-long-name.a.test',
] as const;

/** One for each client id. */
const OWN_MACHINES = ['ws1', 'ws2.a.test', 'ws3', 'ws4.a.test', 'ws5.b.test'] as const;

interface ModelProduct {
  readonly id: string;
  readonly name?: string;
  readonly cls?: LeaseClass;
  readonly nPolicies: readonly number[];
}

/** N-policies are small, so that a handful of clients exceeds them. For products in no table, the N-policy is 25. */
const PRODUCTS = [
  { id: '00000000-0000-4000-8000-00000000c001', name: 'Windows 11', cls: 'client', nPolicies: [3, 25] },
  { id: '00000000-0000-4000-8000-00000000c002', name: 'Windows 10', cls: 'client', nPolicies: [3] },
  { id: '00000000-0000-4000-8000-00000000a001', name: 'Windows Server 2022', cls: 'server', nPolicies: [2, 1] },
  { id: '00000000-0000-4000-8000-00000000b001', name: 'Office 2021', cls: 'office', nPolicies: [2] },
  { id: '00000000-0000-4000-8000-00000000b002', name: 'Project 2021', cls: 'office', nPolicies: [2, 1] },
  { id: '00000000-0000-4000-8000-00000000f001', nPolicies: [25, 5] },
  { id: '00000000-0000-4000-8000-00000000f002', nPolicies: [5] },
] as const satisfies readonly ModelProduct[];

const RESULTS = [0, 0, 0, 0, 0, 0xc004f042, 0xc004f06c] as const;

/** The distances at which one rule or another turns, in seconds. */
const DISTANCES = [
  0,
  MINUTE_S,
  15 * MINUTE_S,
  2 * HOUR_S,
  4 * HOUR_S,
  DAY_S,
  2 * DAY_S,
  7 * DAY_S,
  14 * DAY_S,
  30 * DAY_S,
  44 * DAY_S,
  90 * DAY_S,
  150 * DAY_S,
  180 * DAY_S,
] as const;

/** One of the distances, often to the second, sometimes near it. */
const distance = fc
  .tuple(fc.constantFrom(...DISTANCES), fc.constantFrom(0, 0, 0, -1, 1, -MINUTE_S, 7 * MINUTE_S, 3 * HOUR_S))
  .map(([about, off]) => Math.max(0, about + off));

const shortDistance = fc
  .tuple(fc.constantFrom(0, MINUTE_S, 15 * MINUTE_S, 2 * HOUR_S, 4 * HOUR_S, DAY_S), fc.constantFrom(0, 0, -1, 1))
  .map(([about, off]) => Math.max(0, about + off));

/** The time left that a client reports, by the seconds since its last request: it renewed then, or at another time. */
const minutes = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 0, -1, 1, -1439, -1440, -1441, -20_160).map((off) => ({ sinceLast: off })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 1, 41_520, 43_200, 259_199, 259_200, 259_201).map((fixed) => ({ fixed })),
  },
);

const renewalDistance = fc
  .tuple(fc.constantFrom(7 * DAY_S, 7 * DAY_S, 14 * DAY_S, 30 * DAY_S, 15 * MINUTE_S), fc.constantFrom(0, 0, 0, -1, 1))
  .map(([about, off]) => about + off);

/** How the requests of a world follow one another. */
const PACES = {
  mixed: fc.oneof({ weight: 2, arbitrary: distance }, { weight: 1, arbitrary: shortDistance }),
  renewing: fc.oneof({ weight: 3, arbitrary: renewalDistance }, { weight: 1, arbitrary: shortDistance }),
  retrying: shortDistance,
} satisfies Record<string, fc.Arbitrary<number>>;

const pace = fc.constantFrom('mixed' as const, 'renewing' as const, 'retrying' as const);

function stepArbitrary(of: keyof typeof PACES) {
  return fc.record({
    after: fc.constantFrom('last', 'own', of === 'mixed' ? 'last' : 'own'),
    distance: PACES[of],
    host: fc.constantFrom(HOSTS[0], HOSTS[0], HOSTS[1]),
    log: fc.constantFrom('key management service', 'key management service', 'forwarded events'),
    client: fc.nat(4),
    renamed: fc.option(fc.constantFrom(...MACHINES), { nil: undefined, freq: 5 }),
    product: fc.constantFrom(...PRODUCTS),
    nPolicy: fc.nat(1),
    hresult: of === 'retrying' ? fc.constantFrom(0, 0xc004f042) : fc.constantFrom(...RESULTS),
    status: fc.constantFrom(1, 1, 1, 1, 2, 5, 0),
    minutes,
    virtual: fc.boolean(),
    clock: fc.constantFrom(0, 0, 30, -59, 4 * HOUR_S, 4 * HOUR_S + 1, -4 * HOUR_S - 1, undefined),
  });
}

type Step = ReturnType<typeof stepArbitrary> extends fc.Arbitrary<infer T> ? T : never;

/** Requests of up to five client ids; each client id has a usual machine. */
export const recordsArbitrary: fc.Arbitrary<ModelRecord[]> = fc
  .tuple(
    pace.chain((of) => fc.array(stepArbitrary(of), { minLength: 1, maxLength: 40, size: 'max' })),
    fc.oneof(fc.constant(OWN_MACHINES), fc.array(fc.constantFrom(...MACHINES), { minLength: 5, maxLength: 5 })),
    fc.boolean(),
  )
  .map(([steps, machines, oneProduct]) => toRecords(steps, machines, oneProduct));

function toRecords(steps: readonly Step[], machines: readonly string[], fewLeases: boolean): ModelRecord[] {
  const lastOf = new Map<string, number>();
  let last = HISTORY_START;
  return steps.map((one, recordId) => {
    const product = productOf(one, fewLeases);
    const lease = `${one.client} ${product.id}`;
    const own = lastOf.get(lease) ?? last;
    const time = seconds((one.after === 'own' ? own : last) + one.distance);
    lastOf.set(lease, Math.max(time, own));
    // A lease that goes far ahead of the others leaves them where they are.
    if (one.distance < 60 * DAY_S) last = Math.max(last, time);
    return {
      time,
      host: one.host,
      log: one.log,
      recordId,
      machine: one.renamed ?? machines[one.client] ?? 'ws1',
      clientId: `c0000000-0000-4000-8000-00000000000${one.client}`,
      activationId: product.id,
      nPolicy: product.nPolicies[one.nPolicy % product.nPolicies.length] ?? 25,
      hresult: one.hresult,
      status: one.status,
      minutes: minutesLeft(one, time - own),
      virtual: one.virtual,
      clientTime: one.clock === undefined ? undefined : seconds(time + one.clock),
    };
  });
}

/** Some worlds have few leases with long histories, others many with short ones. */
function productOf(one: Step, fewLeases: boolean): ModelProduct {
  if (!fewLeases) return one.product;
  return one.client % 2 === 0 ? PRODUCTS[0] : PRODUCTS[3];
}

function minutesLeft(one: Step, sinceLast: number): number {
  if ('fixed' in one.minutes) return one.minutes.fixed;
  return Math.max(0, 259_200 - Math.floor(sinceLast / MINUTE_S) + one.minutes.sinceLast);
}

const settingsArbitrary: fc.Arbitrary<ModelSettings> = fc.record({
  validity: fc.constantFrom(seconds(180 * DAY_S), seconds(180 * DAY_S), seconds(90 * DAY_S)),
  renewalInterval: fc.constantFrom(seconds(7 * DAY_S), seconds(7 * DAY_S), seconds(3 * DAY_S)),
  activationInterval: fc.constantFrom(seconds(2 * HOUR_S), seconds(2 * HOUR_S), seconds(HOUR_S)),
  warn: fc.constantFrom(seconds(30 * DAY_S), seconds(44 * DAY_S)),
  critical: fc.constantFrom(seconds(7 * DAY_S)),
  forgetAfter: fc.constantFrom(seconds(365 * DAY_S), seconds(200 * DAY_S)),
  tolerate: fc.constantFrom({ share: 0.05 }, { share: 0.5 }, { count: 2 }),
  quietPeriods: fc.constantFrom([], [], [{ from: HISTORY_START + 20 * DAY_S, until: HISTORY_START + 60 * DAY_S }]),
  thresholds: fc.constantFrom({ client: 3, server: 2, office: 2 }, { client: 2, server: 1, office: 1 }),
  reportStaleAfter: fc.constantFrom(seconds(15 * MINUTE_S), seconds(DAY_S)),
  seriesLimit: fc.constantFrom(3, 50),
});

/** At an interesting distance after a record, be it one of all or of the last. */
function nearRecord(records: readonly ModelRecord[]): fc.Arbitrary<number> {
  const latest = records.toSorted((a, b) => b.time - a.time).slice(0, 3);
  return fc
    .tuple(fc.oneof(fc.constantFrom(...records), fc.constantFrom(...latest)), fc.oneof(distance, shortDistance))
    .map(([record, after]) => record.time + after);
}

const count = fc.constantFrom(0, 1, 2, 3, 5, 25, 50, undefined);

function reportsArbitrary(records: readonly ModelRecord[]): fc.Arbitrary<ModelReport[]> {
  const one = fc.record({
    host: fc.constantFrom(...HOSTS),
    time: fc
      .tuple(
        fc.constantFrom(...records),
        fc.constantFrom(0, -1, 1, -MINUTE_S, -15 * MINUTE_S, -15 * MINUTE_S + 1, -HOUR_S),
      )
      .map(([record, off]) => record.time + off),
    counts: fc.record({ windows: count, office: count }),
    activationInterval: fc.constantFrom(undefined, seconds(2 * HOUR_S), seconds(15 * MINUTE_S), seconds(DAY_S)),
  });
  return fc.uniqueArray(one, { maxLength: 6, selector: ({ host, time }) => `${host} ${time}` });
}

/** A world at a moment, and an order in which its records and reports arrive. */
export interface History {
  readonly world: World;
  readonly now: number;
  /** All records and reports, some records twice. */
  readonly arrivals: readonly Arrival[];
}

/** Some records that are sent together, or a report. */
export type Arrival =
  | { readonly kind: 'records'; readonly records: readonly ModelRecord[] }
  | { readonly kind: 'report'; readonly report: ModelReport };

/** Worlds that know of nothing later than a day after `now`, as no record from further ahead is taken. */
export const historyArbitrary: fc.Arbitrary<History> = recordsArbitrary.chain((records) =>
  fc
    .record({
      settings: settingsArbitrary,
      reports: reportsArbitrary(records),
      gaps: fc.array(fc.record({ host: fc.constantFrom(...HOSTS), time: nearRecord(records) }), { maxLength: 1 }),
      retired: fc.array(fc.record({ machine: fc.constantFrom(...MACHINES), time: nearRecord(records) }), {
        maxLength: 1,
      }),
      now: nearRecord(records),
      ahead: fc.constantFrom(0, 0, MINUTE_S, HOUR_S, DAY_S, DAY_S),
      order: fc.constantFrom('rising', 'falling', 'random', 'random'),
      together: fc.constantFrom(1, 1, 3, 20),
      ranks: fc.array(fc.nat(), { minLength: records.length + 6, maxLength: records.length + 6 }),
    })
    .map(({ settings, reports, gaps, retired, now, ahead, order, together, ranks }) => {
      const known = records.filter(({ time }) => time <= now + ahead);
      const world = {
        records: known,
        reports: reports.filter(({ time }) => time <= now),
        gaps: gaps.filter(({ time }) => time <= now),
        retired: retired.filter(({ time }) => time <= now),
        settings,
        ...NAMES,
      } satisfies World;
      return { world, now, arrivals: arrivalsOf(world, order, together, ranks) };
    }),
);

/** How the worlds name products, results and states. */
export const NAMES = {
  product: (activationId: string) => {
    const known = PRODUCTS.find(({ id }) => id === activationId);
    return known !== undefined && 'cls' in known ? known : undefined;
  },
  resultName: (hresult: number) => (hresult === 0 ? 'ok' : `0x${hresult.toString(16)}`),
  statusName: (status: number) => `status ${status}`,
} satisfies Partial<World>;

function arrivalsOf({ records, reports }: World, order: string, together: number, ranks: readonly number[]): Arrival[] {
  const all = [
    ...records.map((record) => ({ time: record.time, arrival: { kind: 'records' as const, records: [record] } })),
    ...reports.map((report) => ({ time: report.time, arrival: { kind: 'report' as const, report } })),
  ];
  const ranked = all.map((one, index) => ({ ...one, rank: ranks[index] ?? 0 }));
  ranked.sort((a, b) => (order === 'random' ? a.rank - b.rank : a.time - b.time));
  if (order === 'falling') ranked.reverse();
  const arrivals = ranked.reduce<Arrival[]>((before, { arrival }) => join(before, arrival, together), []);
  // The last delivery is sent again, as a shipper does after a lost answer.
  const again = arrivals.findLast(({ kind }) => kind === 'records');
  return again === undefined ? arrivals : [...arrivals, again];
}

function join(before: readonly Arrival[], next: Arrival, together: number): Arrival[] {
  const last = before.at(-1);
  if (last?.kind !== 'records' || next.kind !== 'records' || last.records.length >= together) return [...before, next];
  return [...before.slice(0, -1), { kind: 'records', records: [...last.records, ...next.records] }];
}
