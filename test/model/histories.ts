import { hostName } from '../support/host-name.ts';
/**
 * Random small worlds: few clients and machines, so that they meet, at distances at which the rules turn.
 * The same generators serve every implementation of the rules.
 */

import fc from 'fast-check';
import { DAY_S, HOUR_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import type { KeyCount } from '../../src/leases/reported.ts';
import type { LeaseClass } from '../../src/leases/types.ts';
import { isCovered } from '../../src/products/coverage.ts';
import { classesOfKey } from '../../src/products/key-classes.ts';
import type { ModelRecord, ModelReport, ModelSettings, ModelWord, World } from './world.ts';

/** 2024-01-01T00:00:00Z */
export const HISTORY_START = 1_704_067_200;

const HOSTS = [hostName('kms01.corp.test'), hostName('kms02.corp.test')] as const;
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

/** Of no table, and it needs 5: Server or Office. */
const OPEN = '00000000-0000-4000-8000-00000000f002';

/** N-policies are small, so that a handful of clients exceeds them. For products in no table, the N-policy is 25. */
const PRODUCTS = [
  { id: '00000000-0000-4000-8000-00000000c001', name: 'Windows 11', cls: 'client', nPolicies: [3, 25] },
  { id: '00000000-0000-4000-8000-00000000c002', name: 'Windows 10', cls: 'client', nPolicies: [3] },
  { id: '00000000-0000-4000-8000-00000000a001', name: 'Windows Server 2022', cls: 'server', nPolicies: [2, 1] },
  { id: 'fbdb3e18-a8ef-4fb3-9183-dffd60bd0984', name: 'Office 2021', cls: 'office', nPolicies: [2] },
  { id: '8d368fc1-9470-4be2-8d66-90e836cbb051', name: 'Office 2024', cls: 'office', nPolicies: [2, 25] },
  { id: '00000000-0000-4000-8000-00000000f001', nPolicies: [25, 5] },
  { id: OPEN, nPolicies: [5] },
] as const satisfies readonly ModelProduct[];

/** The products that the clients of a world have, by turns: Windows, Office, and what may be either. */
const MIXTURES = [
  PRODUCTS,
  [PRODUCTS[0], PRODUCTS[3]],
  [PRODUCTS[0], PRODUCTS[6], PRODUCTS[6], PRODUCTS[2]],
  [PRODUCTS[3], PRODUCTS[4]],
] as const satisfies readonly (readonly ModelProduct[])[];

/** Host keys: of Windows Server 2022, of Office LTSC 2021 and 2024, and some that no table has. */
const KEYS = [
  { key: '661f7658-7035-4b4c-9f35-010682943ec2', pool: 'windows' },
  { key: '00000000-0000-4000-8000-00000000e001', pool: 'windows' },
  { key: '47f3b983-7c53-4d45-abc6-bcd91e2dd90a', pool: 'office' },
  { key: 'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f', pool: 'office' },
  { key: '00000000-0000-4000-8000-00000000e002', pool: 'office' },
] as const satisfies readonly Omit<KeyCount, 'clients'>[];

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
    choice: fc.nat(7),
    renamed: fc.option(fc.constantFrom(...MACHINES), { nil: undefined, freq: 5 }),
    nPolicy: fc.nat(1),
    hresult: of === 'retrying' ? fc.constantFrom(0, 0xc004f042) : fc.constantFrom(...RESULTS),
    status: fc.constantFrom(1, 1, 1, 1, 2, 5, 0),
    minutes,
    virtual: fc.boolean(),
    clock: fc.constantFrom(0, 0, 30, -59, 4 * HOUR_S, 4 * HOUR_S + 1, -4 * HOUR_S - 1, undefined),
  });
}

type Step = ReturnType<typeof stepArbitrary> extends fc.Arbitrary<infer T> ? T : never;

/** How the clients of a world are. */
const habits = fc.record({
  /** Some worlds have few leases with long histories, others many with short ones. */
  mixture: fc.constantFrom(...MIXTURES),
  /** Machines of one image call themselves by many names. */
  areClones: fc.constantFrom(false, false, true),
  /** They have a licence such as KMS never gives, most of the time. */
  areLicensedElsewhere: fc.constantFrom(false, false, false, true),
  /** So many more client ids at once, so that a host may count many, or say so. */
  crowd: fc.constantFrom(0, 0, 0, 8, 12),
});

type Habits = typeof habits extends fc.Arbitrary<infer T> ? T : never;

/** Requests of five client ids and a crowd; each client id has a usual machine. */
const recordsArbitrary: fc.Arbitrary<ModelRecord[]> = fc
  .tuple(
    pace.chain((of) => fc.array(stepArbitrary(of), { minLength: 1, maxLength: 40, size: 'max' })),
    fc.oneof(fc.constant(OWN_MACHINES), fc.array(fc.constantFrom(...MACHINES), { minLength: 5, maxLength: 5 })),
    habits,
  )
  .map(([steps, machines, habit]) => [...crowdOf(habit, steps[0]), ...toRecords(steps, machines, habit)]);

/** Clients that ask one after the other, and not again. */
function crowdOf({ crowd, mixture }: Habits, first: Step | undefined): ModelRecord[] {
  const [product] = mixture;
  return Array.from({ length: crowd }, (_, number) => ({
    time: seconds(HISTORY_START + number * 5 * MINUTE_S),
    host: first?.host ?? HOSTS[0],
    log: 'key management service',
    recordId: 100 + number,
    machine: `crowd${number}.a.test`,
    clientId: `c0000000-0000-4000-8000-0000000001${number.toString().padStart(2, '0')}`,
    activationId: product.id,
    nPolicy: product.nPolicies[number % product.nPolicies.length] ?? 25,
    hresult: 0,
    status: 1,
    minutes: 250_000,
    virtual: false,
    clientTime: undefined,
  }));
}

function toRecords(steps: readonly Step[], machines: readonly string[], habit: Habits): ModelRecord[] {
  const lastOf = new Map<string, number>();
  let last = HISTORY_START;
  return steps.map((one, recordId) => {
    const product: ModelProduct = habit.mixture[one.choice % habit.mixture.length] ?? PRODUCTS[0];
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
      machine: machineOf(one, machines, habit),
      clientId: `c0000000-0000-4000-8000-00000000000${one.client}`,
      activationId: product.id,
      nPolicy: product.nPolicies[one.nPolicy % product.nPolicies.length] ?? 25,
      hresult: one.hresult,
      ...statusOf(one, time - own, habit),
      virtual: one.virtual,
      clientTime: one.clock === undefined ? undefined : seconds(time + one.clock),
    };
  });
}

function machineOf(one: Step, machines: readonly string[], { areClones }: Habits): string {
  return one.renamed ?? (areClones ? MACHINES[one.choice] : machines[one.client]) ?? 'ws1';
}

function statusOf(one: Step, sinceLast: number, { areLicensedElsewhere }: Habits) {
  if (areLicensedElsewhere && one.choice > 0) return { status: 1, minutes: one.virtual ? 0 : 5_000_000 };
  return { status: one.status, minutes: minutesLeft(one, sinceLast) };
}

function minutesLeft(one: Pick<Step, 'minutes'>, sinceLast: number): number {
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
  ephemeral: fc.constantFrom([], [], [], ['ws2*']),
  serves: fc.constantFrom<ModelSettings['serves'][]>({}, {}, {}, { [HOSTS[0]]: ['server', 'office'] }),
});

/** At an interesting distance after a record, be it one of all or of the last. */
function nearRecord(records: readonly ModelRecord[]): fc.Arbitrary<number> {
  const latest = records.toSorted((a, b) => b.time - a.time).slice(0, 3);
  return fc
    .tuple(fc.oneof(fc.constantFrom(...records), fc.constantFrom(...latest)), fc.oneof(distance, shortDistance))
    .map(([record, after]) => record.time + after);
}

const clients = fc.constantFrom(0, 1, 2, 3, 5, 9, 10, 11, 25, 49, 50, undefined);

const keys = fc.uniqueArray(
  fc.record({ of: fc.constantFrom(...KEYS), clients }).map((one) => ({ ...one.of, clients: one.clients })),
  { maxLength: 4, selector: ({ key }) => key },
);

function reportsArbitrary(records: readonly ModelRecord[]): fc.Arbitrary<ModelReport[]> {
  const one = fc.record({
    host: fc.constantFrom(...HOSTS),
    time: fc
      .tuple(
        fc.constantFrom(...records),
        fc.constantFrom(0, -1, 1, -MINUTE_S, -15 * MINUTE_S, -15 * MINUTE_S + 1, -HOUR_S, -8 * DAY_S, -31 * DAY_S),
      )
      .map(([record, off]) => record.time + off),
    keys,
    activationInterval: fc.constantFrom(undefined, seconds(2 * HOUR_S), seconds(15 * MINUTE_S), seconds(DAY_S)),
  });
  return fc.uniqueArray(one, { maxLength: 6, selector: ({ host, time }) => `${host} ${time}` });
}

/** What clients say beside their requests: about the products that are asked for, mostly under the names that ask. */
function wordsArbitrary(records: readonly ModelRecord[]): fc.Arbitrary<ModelWord[]> {
  const one = fc
    .record({
      about: fc.constantFrom(...records),
      after: fc.oneof(distance, shortDistance),
      renamed: fc.option(fc.constantFrom(...MACHINES), { nil: undefined, freq: 3 }),
      status: fc.constantFrom(1, 1, 1, 1, 2, 5, 0),
      minutes,
    })
    .map(({ about, after, renamed, status, minutes: left }) => ({
      machine: renamed ?? about.machine,
      activationId: about.activationId,
      time: about.time + after,
      status,
      minutes: minutesLeft({ minutes: left }, after),
    }));
  const key = ({ machine, activationId, time, status, minutes: left }: ModelWord) =>
    `${machine} ${activationId} ${time} ${status} ${left}`;
  return fc.uniqueArray(one, { maxLength: 8, selector: key });
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
  | { readonly kind: 'report'; readonly report: ModelReport }
  | { readonly kind: 'word'; readonly word: ModelWord };

/** Worlds that know of nothing later than a day after `now`, as no record from further ahead is taken. */
export const historyArbitrary: fc.Arbitrary<History> = recordsArbitrary.chain((records) =>
  fc
    .record({
      settings: settingsArbitrary,
      reports: reportsArbitrary(records),
      words: fc.oneof(fc.constant<ModelWord[]>([]), wordsArbitrary(records)),
      gaps: fc.array(fc.record({ host: fc.constantFrom(...HOSTS), time: nearRecord(records) }), { maxLength: 2 }),
      retired: fc.array(fc.record({ machine: fc.constantFrom(...MACHINES), time: nearRecord(records) }), {
        maxLength: 1,
      }),
      unread: fc.constantFrom([], [], [], [HOSTS[1]]),
      now: nearRecord(records),
      ahead: fc.constantFrom(0, 0, MINUTE_S, HOUR_S, DAY_S, DAY_S),
      order: fc.constantFrom('rising', 'falling', 'random', 'random'),
      together: fc.constantFrom(1, 1, 3, 20),
      ranks: fc.array(fc.nat(), { minLength: records.length + 14, maxLength: records.length + 14 }),
    })
    .map(({ settings, reports, words, gaps, retired, unread, now, ahead, order, together, ranks }) => {
      const known = records.filter(({ time }) => time <= now + ahead);
      const world = {
        records: known,
        reports: reports.filter(({ time }) => time <= now),
        words: words.filter(({ time }) => time <= now),
        gaps: gaps.filter(({ time }) => time <= now),
        retired: retired.filter(({ time }) => time <= now),
        unread,
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
  covers: (key: string, activationId: string) => isCovered([key], activationId),
  keyClasses: (key: string) => classesOfKey(key, KEYS.find((one) => one.key === key)?.pool ?? 'windows'),
  resultName: (hresult: number) => (hresult === 0 ? 'ok' : `0x${hresult.toString(16)}`),
  statusName: (status: number) => `status ${status}`,
} satisfies Partial<World>;

function arrivalsOf(
  { records, reports, words }: World,
  order: string,
  together: number,
  ranks: readonly number[],
): Arrival[] {
  const all = [
    ...records.map((record) => ({ time: record.time, arrival: { kind: 'records' as const, records: [record] } })),
    ...reports.map((report) => ({ time: report.time, arrival: { kind: 'report' as const, report } })),
    ...words.map((word) => ({ time: word.time, arrival: { kind: 'word' as const, word } })),
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
