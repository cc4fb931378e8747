import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiDocument, objection, readDocument } from '../../../test/support/api.ts';
import { estate, failure, probe } from '../../../test/support/estate.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { app, fakeStore } from '../../../test/support/web-app.ts';
import { parseTelemetryPath } from '../../config/external-url.ts';
import { ok } from '../../kernel/result.ts';
import { millis, seconds } from '../../kernel/time.ts';
import type { LeaseJson } from '../../leases/lease-json.ts';
import type { WebBackend } from '../web-backend.ts';

const LEASE: LeaseJson = {
  client: 'ws-1.corp.example',
  client_id: '8d3ed6a5-7be9-4d13-b7cf-0e5c1a3b2f10',
  activation_id: '73111121-5638-40f6-bc11-f1d7b0d64300',
  product: 'Windows 10 Enterprise',
  class: 'client',
  pool: null,
  host: 'kms01.corp.example',
  virtual: false,
  first_request: '2026-11-24T03:00:00Z',
  last_request: '2026-11-24T03:00:00Z',
  last_result: 'ok',
  license_status: 'licensed',
  expiry: '2027-05-23T03:00:00Z',
  expiry_basis: 'presumed',
  confirmed_expiry: null,
  presumed_expiry: '2027-05-23T03:00:00Z',
  age_seconds: 0,
  remaining_seconds: 15_552_000,
  state: 'valid',
  retrying: false,
  duplicate: false,
  retired: false,
};

const RECORD = JSON.stringify({
  host: 'kms01.corp.example',
  channel: 'Key Management Service',
  record_id: 1,
  time: '2026-11-24T03:00:00Z',
  event_id: 12291,
  data: [],
});

/** An estate of which little is known. */
function vague(): Pick<WebBackend, 'estate'> {
  const watched = estate({ hosts: [{ name: hostName('kms02.corp.example'), aliases: [], port: 1688 }] });
  watched.recordLookup(failure(0, 'timeout'));
  watched.recordProbe(probe(0, 'kms02.corp.example', 'unresolvable'));
  return { estate: () => watched.snapshot(millis(0)) };
}

const FULL: Partial<WebBackend> = {
  store: () =>
    fakeStore({
      leases: async () => ok({ leases: [LEASE], next_cursor: 'next', previous_cursor: 'previous' }),
      forecast: async (asked) =>
        ok({
          asOf: seconds(0),
          ...asked,
          stopping: null,
          hosts: [
            {
              ...{ host: hostName('kms01'), cls: 'client', pool: 'windows', census: [2, 1], ends: [1] },
              ...{ count: 26, threshold: 25, breach: seconds(0) },
            },
            {
              ...{ host: hostName('kms01'), cls: 'unknown', pool: null, census: null, ends: [0] },
              ...{ count: null, threshold: null, breach: null },
            },
          ],
        }),
    }),
};

let document: ApiDocument;

beforeAll(async () => {
  document = readDocument((await app().inject('/api/v1/openapi.json')).body);
});

describe('the document', () => {
  it('has every route', async () => {
    const { paths } = document;
    const known = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = app();
    await routes.ready();
    // One that lacks a description would be missing from the document: Fastify knows how many there are.
    const methods = [...routes.printRoutes({ commonPrefix: false }).matchAll(/\(([A-Z, ]+)\)$/gm)].flatMap(
      ([, all = '']) => all.split(', ').filter((method) => method !== 'HEAD'),
    );
    expect(methods).toHaveLength(known.length);
    // The names of the pages' own files change with their content.
    const assets = /^GET \/assets\/[a-z]+-[0-9a-f]{12}\.(css|js|svg)$/;
    expect(known.filter((route) => assets.test(route))).toHaveLength(3);
    expect(known.filter((route) => !assets.test(route)).sort()).toEqual(
      [
        'GET /',
        'GET /-/healthy',
        'GET /-/ready',
        'GET /api/v1/conditions',
        'GET /api/v1/discovery',
        'GET /api/v1/forecast',
        'GET /api/v1/hosts',
        'GET /api/v1/keys',
        'GET /api/v1/leases',
        'GET /api/v1/machines',
        'GET /api/v1/openapi.json',
        'GET /api/v1/report',
        'GET /clients/*',
        'GET /clones',
        'GET /clones.csv',
        'GET /config',
        'GET /forecast',
        'GET /forecast.csv',
        'GET /keys',
        'GET /keys.csv',
        'GET /leases',
        'GET /machines',
        'GET /machines.csv',
        'GET /leases.csv',
        'GET /metrics',
        'GET /probe',
        'GET /report',
        'GET /report.csv',
        'GET /runbooks',
        'GET /runbooks/{name}',
        'GET /sd/hosts',
        'POST /-/reload',
        'POST /api/v1/events',
        'POST /api/v1/machines',
        'POST /api/v1/reports/{host}',
        'PUT /-/reload',
      ].sort(),
    );
  });

  it('has no path that the metrics may be moved to', () => {
    const free = Object.keys(document.paths).filter((path) => parseTelemetryPath(path).ok);
    expect(free).toEqual(['/metrics']);
  });

  it('has one name for each operation, and says how to authenticate', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(document.paths['/api/v1/events']?.['post']?.security).toEqual([{ token: [] }]);
    expect(document.paths['/api/v1/leases']?.['get']?.security).toEqual([{}, { user: [] }]);
  });

  it('tells the parameters that the route reads, with their limits', () => {
    const parameters = document.paths['/api/v1/leases']?.['get']?.parameters ?? [];
    expect(parameters.map(({ name }) => name)).toEqual([
      'state',
      'within',
      'silent_for',
      'product',
      'class',
      'host',
      'client',
      'duplicate',
      'sort',
      'order',
      'limit',
      'cursor',
    ]);
    expect(parameters.find(({ name }) => name === 'limit')).toMatchObject({
      description: 'A whole number from 1 to 1000',
      schema: { type: 'string', pattern: '^\\d{1,9}$' },
    });
    expect(parameters.every(({ required }) => required === undefined)).toBe(true);
    const probed = document.paths['/probe']?.['get']?.parameters ?? [];
    expect(probed.filter(({ required }) => required).map(({ name }) => name)).toEqual(['target', 'module']);
  });
});

describe.each<[string, Partial<WebBackend>]>([
  ['an estate that is known', FULL],
  ['one that is not', vague()],
])('answers about %s', (_what, backend) => {
  it.each([
    ['GET', '/'],
    ['GET', '/-/healthy'],
    ['GET', '/-/ready'],
    ['POST', '/-/reload'],
    ['PUT', '/-/reload'],
    ['GET', '/api/v1/conditions'],
    ['GET', '/api/v1/discovery'],
    ['GET', '/api/v1/forecast'],
    ['GET', '/api/v1/forecast?days=0'],
    ['GET', '/api/v1/hosts'],
    ['GET', '/api/v1/keys?product=LTSC'],
    ['GET', '/api/v1/leases'],
    ['GET', '/api/v1/leases?limit=0'],
    ['GET', '/api/v1/openapi.json'],
    ['GET', '/config'],
    ['GET', '/metrics'],
    ['GET', '/probe'],
    ['GET', '/probe?target=a&module=rpc'],
    ['GET', '/sd/hosts'],
    ['POST', '/api/v1/events'],
    ['POST', '/api/v1/reports/kms01'],
    ['GET', '/nothing'],
  ] as const)('%s %s are as the document has them', async (method, url) => {
    const headers = { authorization: 'Bearer right' };
    const { statusCode, headers: got, body } = await app(backend).inject({ method, url, headers, payload: RECORD });
    const answered = { method, path: url, status: statusCode, type: got['content-type']?.toString(), body };
    expect(objection(document, answered)).toBeUndefined();
  });
});

it('an answer with a key too many is objected to', async () => {
  const answered = { method: 'GET', path: '/api/v1/hosts', status: 200, type: 'application/json' };
  const known = { hosts: [], count: 0, up: 0, unknown: 0, reading: [] };
  const body = JSON.stringify({ ...known, more: 1 });
  expect(objection(document, { ...answered, body })).toContain('more');
  expect(objection(document, { ...answered, body: JSON.stringify(known) })).toBeUndefined();
});
