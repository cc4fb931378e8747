import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { OPEN_WEB, type WebSettings } from '../../src/config/web-file/web-settings.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { ok } from '../../src/kernel/result.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { millis, seconds } from '../../src/kernel/time.ts';
import { parseReport } from '../../src/reports/parse-report.ts';
import type { MachineCounts } from '../../src/store/machines/machine-types.ts';
import type { MonthReport } from '../../src/store/months/month-types.ts';
import type { StoreAccess } from '../../src/store/store-types.ts';
import { createApp } from '../../src/web/app.ts';
import type { Access, IngestSettings, WebBackend } from '../../src/web/web-backend.ts';
import { answer, estate, probe } from './estate.ts';
import { hostName } from './host-name.ts';
import { records } from './records.ts';
import { openIn } from './snapshot.ts';
import { SETTINGS } from './stories.ts';

const NOT_KNOWN = { count: null, threshold: null, breach: null };
const FORECAST = {
  host: hostName('kms01.corp.example'),
  cls: 'client',
  pool: 'windows',
  census: [2, 1],
  ends: [1],
  ...NOT_KNOWN,
} as const;

const NO_MACHINES: MachineCounts = {
  asOf: seconds(0),
  machines: {
    ...{
      gone: 0,
      other_activation: 0,
      failing: 0,
      lapsed: 0,
      not_renewing: 0,
      never_asked: 0,
      renewing: 0,
      unknown: 0,
    },
  },
  ...{ notRenewing: [], tolerated: 1, pinned: [], sources: [], products: [] },
};
/** A month with one product, a host and an outage. */
export function monthReport(month: string, changes: Partial<MonthReport> = {}): MonthReport {
  const activity = { active: 3, physical: 2, virtual: 1, new: 1, gone: null, lapsed: 0 };
  const product = { product: 'Windows <10>', activation_id: '2de67392', class: 'client', ...activity };
  const key = { product: 'Windows Server 2022 KMS host key', activation_id: '661f7658', licensed: false };
  return {
    ...{ month, from: `${month}-01T00:00:00Z`, until: `${month}-28T00:00:00Z`, as_of: `${month}-28T00:00:00Z` },
    ...{ closed: false, machines: activity, changes: [], move: null },
    products: [{ ...product, support: 'ended', support_end: '2025-10-14' }],
    days: [{ day: `${month}-02`, machines: 3, requests: 4, failed: 1 }],
    hosts: [{ host: 'kms01', os: null, requests: 4, machines: 3, keys: [key] }],
    outages: [
      { name: 'KmsHostDown', subject: { host: 'kms01' }, from: `${month}-03T00:00:00Z`, until: null, seconds: 7200 },
    ],
    ...changes,
  };
}

/** Takes everything, and knows nothing but a forecast. */
export function fakeStore(changes: Partial<StoreAccess> = {}): StoreAccess {
  return {
    ingest: async (_source, taken) => ok({ accepted: taken.length, duplicate: 0, ignored: 0 }),
    leases: async () => ok({ leases: [], next_cursor: null, previous_cursor: null }),
    explain: async (asked) => ok({ kind: 'unseen', asked, similar: [], hosts: [], domains: [] }),
    forecast: async (asked) => ok({ asOf: seconds(0), ...asked, stopping: null, hosts: [FORECAST] }),
    keys: async () => ok({ hosts: [], products: [] }),
    takeInventoryPart: async () => ok(null),
    machines: async () => ok({ machines: [], next_cursor: null, counts: NO_MACHINES }),
    month: async (month) => ok(monthReport(month)),
    reading: async () => ok([]),
    recent: async () => ok([]),
    retire: async () => ok({ retired: [], unknown: [] }),
    undoRetirement: async () => ok({ retired: [], unknown: [] }),
    planErasure: async (names) => ok({ machines: [], unknown: names, records: 0, leases: 0, rows: 0 }),
    erase: async (names) => ok({ machines: [], unknown: names, records: 0, leases: 0, rows: 0 }),
    planRetirement: async () => ok({ names: [], unknown: [], leases: 0, lapses: 0, estate: 0 }),
    ...changes,
  };
}

export function ingest(changes: Partial<IngestSettings> = {}): IngestSettings {
  return {
    token: { read: async () => ok(new Secret('right')) },
    pushes: [],
    canonicalise: (name) => name,
    maxBody: 10_000,
    ...changes,
  };
}

/** Everybody may see everything, unless it is said otherwise; everybody's password is `right`. */
export function access(
  settings: Partial<WebSettings> = {},
  pages: Access['pages'] = { enabled: true, users: [] },
): Access {
  return {
    settings: { ...OPEN_WEB, ...settings },
    pages,
    checkPassword: async ({ user, password }) =>
      settings.users?.has(user) === true && password === 'right' ? 'right' : 'wrong',
  };
}

/** Users whose password is `right`. */
export function users(...names: readonly string[]): WebSettings['users'] {
  return new Map(names.map((name) => [name, new Secret('')]));
}

export function metrics(...pieces: readonly string[]): ReturnType<WebBackend['metrics']> {
  return Readable.from(pieces);
}

/** The routes over a small estate: a host that is up, and one that is not expected and down. */
export function app(changes: Partial<WebBackend> = {}, clock?: Clock): FastifyInstance {
  const watched = estate({
    domains: [{ name: hostName('corp.example'), expectedHosts: [hostName('kms01.corp.example')] }],
  });
  watched.recordLookup(answer(0, ['kms01.corp.example', 'rogue.corp.example:1689']));
  watched.recordProbe(probe(0, 'kms01.corp.example'));
  watched.recordProbe(probe(0, 'rogue.corp.example', 'refused', 1689));
  return createApp(
    {
      version: '1.2.3',
      access: () => access(),
      liveProbe: () => undefined,
      count: async () => {},
      metrics: () => metrics('kms_hosts 1\n'),
      estate: () => watched.snapshot(millis(0)),
      logs: () => records(0),
      leaseSettings: () => SETTINGS,
      overview: async (days) =>
        ok({ asOf: seconds(0), ends: new Array(days).fill(1), products: ['Windows 10 Enterprise'] }),
      conditions: () => openIn(watched.snapshot(millis(0))),
      publicPaths: () => ({ root: '/', telemetry: '/metrics' }),
      links: () => ({ pages: 'http://agent.example:11688/' }),
      ready: () => true,
      store: () => fakeStore(),
      ingest: () => ingest(),
      inventory: () => ({ token: { read: async () => ok(new Secret('right')) }, now: () => seconds(1_780_000_000) }),
      readReport: (octets) => parseReport(octets),
      acceptReport: async () => ok(undefined),
      configuration: () => 'hosts: []\n',
      reload: async () => ok(undefined),
      ...changes,
    },
    silentLogger,
    clock,
  );
}
