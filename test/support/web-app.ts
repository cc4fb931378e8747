import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { OPEN_WEB, type WebSettings } from '../../src/config/web-file/web-settings.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { ok } from '../../src/kernel/result.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { millis, seconds } from '../../src/kernel/time.ts';
import { parseReport } from '../../src/reports/parse-report.ts';
import type { StoreAccess } from '../../src/store/store-types.ts';
import { createApp } from '../../src/web/app.ts';
import type { Access, IngestSettings, WebBackend } from '../../src/web/web-backend.ts';
import { answer, estate, probe } from './estate.ts';
import { hostName } from './host-name.ts';
import { records } from './records.ts';
import { openIn } from './snapshot.ts';
import { SETTINGS } from './stories.ts';

const FORECAST = { host: 'kms01.corp.example', cls: 'client', pool: 'windows', census: [2, 1], ends: [1] } as const;

/** Takes everything, and knows nothing but a forecast. */
export function fakeStore(changes: Partial<StoreAccess> = {}): StoreAccess {
  return {
    ingest: async (_source, taken) => ok({ accepted: taken.length, duplicate: 0, ignored: 0 }),
    leases: async () => ok({ leases: [], next_cursor: null, previous_cursor: null }),
    explain: async (asked) => ok({ kind: 'unseen', asked, similar: [], hosts: [], domains: [] }),
    forecast: async (days) => ok({ asOf: seconds(0), days, hosts: [FORECAST] }),
    recent: async () => ok([]),
    retire: async () => ok({ retired: [], unknown: [] }),
    retireSilent: async () => ok({ retired: [], unknown: [] }),
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
  return { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: Readable.from(pieces) };
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
      links: () => ({ pages: 'http://agent.example:11688/' }),
      ready: () => true,
      store: () => fakeStore(),
      ingest: () => ingest(),
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
