import type { Verdict } from '../../src/explain/explanation.ts';
import { DAY_S, HOUR_S, MINUTE_S, seconds } from '../../src/kernel/time.ts';
import type { ClientStory } from '../../src/leases/story.ts';
import { hostName } from './host-name.ts';
import { HEALTHY_HOST, left, NOW, OFFICE, type Scene, SERVER, UNKNOWN } from './stories.ts';

export const KMS02 = {
  host: hostName('kms02.corp.example.com'),
  read: false,
  firstRecord: seconds(NOW - 200 * DAY_S),
  lastRecord: seconds(NOW - 9 * DAY_S),
};
export const MANY_HOSTS = Array.from({ length: 12 }, (_, index) => ({
  ...KMS02,
  host: hostName(`kms${index + 10}.emea.example.com`),
  read: index > 7,
}));
const CLONE = 'ws-0418.corp.example.com';
export const FRESH = { status: 5, minutes: 0 };
const SHORT = { value: 17, known: true };

/** Every two hours, the last one `last` ago. */
function tries(count: number, last: number, made: Omit<Scene['made'][number], 'ago'>): Scene['made'] {
  return Array.from({ length: count }, (_, index) => ({ ...made, ago: last + (count - 1 - index) * 2 * HOUR_S }));
}

const LTSC = {
  name: 'Windows 10/11 Enterprise LTSC 2019/2021/2024',
  activationId: '32d2fab3-e4a8-42c2-923b-4bf4fd13e6ee',
  cls: 'client',
  nPolicy: 25,
} as const;
const HOME = { ...LTSC, name: 'Windows 10/11 Home', activationId: '58e97c99-f377-4ef1-81d5-4ad5522b5fd8' };
const SERVER_2022 = {
  ...HEALTHY_HOST,
  os: 'Microsoft Windows Server 2022 Standard',
  keys: [{ activationId: '661f7658-7035-4b4c-9f35-010682943ec2', product: 'Windows Server 2022 KMS host key' }],
};

/** What a machine did, and what is to be said of it. */
export const SCENES = {
  valid: ['activated', { made: [{ ago: 9 * DAY_S }, { ago: 2 * DAY_S }] }],
  'key-gone': [
    'activated',
    { made: [{ ago: 2 * DAY_S }], hosts: [{ ...SERVER_2022, keys: [], keysAt: seconds(NOW - HOUR_S) }] },
  ],
  'key-inactive': [
    'activated',
    {
      made: [{ ago: 2 * DAY_S }],
      hosts: [
        {
          ...SERVER_2022,
          keys: SERVER_2022.keys.map((key) => ({ ...key, licensed: false })),
          keysAt: seconds(NOW - HOUR_S),
        },
      ],
    },
  ],
  // It renewed after that report.
  'key-back': [
    'activated',
    { made: [{ ago: 2 * DAY_S }], hosts: [{ ...SERVER_2022, keys: [], keysAt: seconds(NOW - 3 * DAY_S) }] },
  ],
  'below-threshold': ['not_activated', { made: tries(5, HOUR_S, { ...FRESH, count: SHORT }) }],
  'perhaps-below-threshold': [
    'not_activated',
    {
      made: tries(2, HOUR_S, { ...FRESH, count: { value: 17, known: false } }),
      hosts: [{ ...HEALTHY_HOST, firstRecord: seconds(NOW - 3 * DAY_S) }],
    },
  ],
  'rebuilt-host': [
    'not_activated',
    {
      made: tries(3, HOUR_S, { ...FRESH, count: { value: 43, known: true } }),
      countNow: { value: 3, known: true, isOwn: true },
    },
  ],
  'clock-skew': [
    'not_activated',
    { made: tries(3, 30 * MINUTE_S, { ...FRESH, hresult: 0xc004f06c, skew: 5 * HOUR_S + 12 * MINUTE_S }) },
  ],
  'clock-right': ['not_activated', { made: tries(2, 30 * MINUTE_S, { ...FRESH, hresult: 0xc004f06c }) }],
  'not-covered': [
    'not_activated',
    { made: tries(13, 90 * MINUTE_S, { product: SERVER, hresult: 0xc004f042, status: 2, minutes: 40_000 }) },
  ],
  'release-not-covered': [
    'not_activated',
    { made: tries(3, 90 * MINUTE_S, { product: LTSC, hresult: 0xc004f042, ...FRESH }), hosts: [SERVER_2022] },
  ],
  'release-covered': ['activated', { made: [{ ago: 2 * DAY_S, product: LTSC }], hosts: [SERVER_2022] }],
  home: [
    'not_activated',
    { made: [{ ago: HOUR_S, product: HOME, hresult: 0xc004f042, ...FRESH }], hosts: [SERVER_2022] },
  ],
  'unknown-product': ['unknown', { made: [{ ago: HOUR_S, product: UNKNOWN, ...FRESH }] }],
  'unknown-result': ['not_activated', { made: [{ ago: HOUR_S, ...FRESH, hresult: 0x8004fe2d }] }],
  'renewal-failing': [
    'at_risk',
    {
      made: [
        { ago: 30 * DAY_S },
        { ago: 23 * DAY_S, minutes: left(7 * DAY_S) },
        ...tries(4, HOUR_S, { minutes: left(30 * DAY_S) }),
      ],
    },
  ],
  'renewal-overdue': ['at_risk', { made: [{ ago: 47 * DAY_S }, { ago: 40 * DAY_S }] }],
  expiring: ['at_risk', { made: [{ ago: 175 * DAY_S }, { ago: 168 * DAY_S }] }],
  'expiring-refused': [
    'at_risk',
    { made: [{ ago: 175 * DAY_S }, ...tries(14, HOUR_S, { hresult: 0xc004f041, minutes: left(175 * DAY_S) })] },
  ],
  expired: ['not_activated', { made: [{ ago: 200 * DAY_S }, { ago: 193 * DAY_S }] }],
  blind: [
    'unknown',
    {
      made: [
        { ago: 27 * DAY_S, host: KMS02.host },
        { ago: 20 * DAY_S, host: KMS02.host },
      ],
      hosts: [HEALTHY_HOST, KMS02],
    },
  ],
  duplicate: [
    'at_risk',
    {
      made: [{ ago: 3 * DAY_S }, { ago: 2 * DAY_S, machine: CLONE }, { ago: DAY_S }],
      duplicates: [
        {
          clientId: '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10',
          since: seconds(NOW - 3 * DAY_S),
          machines: ['ws-0417.corp.example.com', CLONE],
        },
      ],
    },
  ],
  renamed: [
    'activated',
    {
      made: [{ ago: 10 * DAY_S, machine: 'desktop-a1b2c3d' }, { ago: 3 * DAY_S }],
      formerNames: [{ machine: 'desktop-a1b2c3d', lastUsed: seconds(NOW - 10 * DAY_S) }],
    },
  ],
  'several-products': [
    'not_activated',
    {
      made: [
        { ago: 100 * DAY_S, product: SERVER },
        { ago: 3 * DAY_S },
        { ago: 2 * DAY_S, product: UNKNOWN, ...FRESH },
        ...tries(2, HOUR_S, { product: OFFICE, status: 2, minutes: 20_000, count: { value: 3, known: true } }),
      ],
      superseded: SERVER,
    },
  ],
  retired: ['out_of_count', { made: [{ ago: 100 * DAY_S }], retiredAt: seconds(NOW - 12 * DAY_S) }],
  'out-of-tolerance': ['not_activated', { made: tries(2, HOUR_S, { status: 3, minutes: 4000, count: SHORT }) }],
  'grace-over': ['not_activated', { made: [{ ago: 3 * DAY_S, status: 2, minutes: 600, count: SHORT }] }],
  'refused-early': [
    'activated',
    {
      made: [
        { ago: 8 * DAY_S },
        ...tries(3, HOUR_S, { hresult: 0xc004f06c, minutes: left(8 * DAY_S), skew: -26 * HOUR_S }),
      ],
    },
  ],
  skewed: ['activated', { made: [{ ago: 2 * DAY_S, skew: -30 * HOUR_S }] }],
  lapsed: ['not_activated', { made: [{ ago: 200 * DAY_S }, ...tries(3, HOUR_S, { ...FRESH, count: SHORT })] }],
  'never-took': ['not_activated', { made: tries(3, HOUR_S, { ...FRESH }) }],
  'office-overdue': [
    'at_risk',
    {
      made: [
        { ago: 30 * DAY_S, product: OFFICE },
        { ago: 20 * DAY_S, product: OFFICE },
      ],
    },
  ],
  'moved-on': ['activated', { made: [{ ago: 100 * DAY_S, product: SERVER }, { ago: 3 * DAY_S }], superseded: SERVER }],
  'silent-after-shortfall': [
    'not_activated',
    { made: tries(3, 160 * DAY_S, { ...FRESH, count: SHORT }), countNow: { value: 61, known: true } },
  ],
  'silent-host-still-short': ['not_activated', { made: tries(3, 160 * DAY_S, { ...FRESH, count: SHORT }) }],
  'shortfall-overcome': [
    'not_activated',
    { made: tries(3, HOUR_S, { ...FRESH, count: { value: 24, known: true } }), countNow: { value: 25, known: true } },
  ],
  'shortfall-shrinks': [
    'not_activated',
    { made: tries(3, HOUR_S, { ...FRESH, count: SHORT }), countNow: { value: 22, known: true } },
  ],
  'lapsed-and-silent': [
    'not_activated',
    {
      made: [{ ago: 250 * DAY_S }, ...tries(2, 40 * DAY_S, { ...FRESH, count: SHORT })],
      countNow: { value: 40, known: true },
    },
  ],
  'failing-and-silent': [
    'at_risk',
    { made: [{ ago: 60 * DAY_S }, ...tries(3, 30 * DAY_S, { minutes: left(60 * DAY_S) })] },
  ],
  'refused-and-silent': ['not_activated', { made: tries(2, 50 * DAY_S, { ...FRESH, hresult: 0xc004f041 }) }],
  'skewed-long-ago': ['at_risk', { made: [{ ago: 40 * DAY_S, skew: -30 * HOUR_S }] }],
  'clones-failing': [
    'at_risk',
    {
      made: [
        { ago: 60 * DAY_S },
        { ago: 40 * DAY_S, machine: CLONE },
        ...tries(3, HOUR_S, { minutes: left(60 * DAY_S) }),
      ],
      duplicates: [
        {
          clientId: '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10',
          since: seconds(NOW - 3 * DAY_S),
          machines: ['ws-0417.corp.example.com', CLONE],
        },
      ],
    },
  ],
  'many-hosts': ['at_risk', { made: [{ ago: 20 * DAY_S }], hosts: [...MANY_HOSTS, HEALTHY_HOST] }],
  anomaly: ['activated', { made: [{ ago: 9 * DAY_S }, { ago: 2 * DAY_S, minutes: 0 }] }],
} satisfies Readonly<Record<string, readonly [Verdict, Scene]>>;

export const UNSEEN: ClientStory = {
  kind: 'unseen',
  asked: 'ws-0471',
  similar: ['ws-0417.corp.example.com', 'ws-0470.corp.example.com'],
  hosts: [
    HEALTHY_HOST,
    KMS02,
    { host: hostName('kms03.corp.example.com'), read: false, firstRecord: undefined, lastRecord: undefined },
  ],
  domains: ['corp.example.com', 'emea.example.com'],
};
