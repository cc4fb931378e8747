import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { app, fakeStore } from '../../test/support/web-app.ts';
import { err, ok } from '../kernel/result.ts';
import { seconds } from '../kernel/time.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import { storeFailure } from '../store/failure.ts';
import type { InventoryPart } from '../store/inventory/inventory-part.ts';
import type { StoreAccess } from '../store/store-types.ts';

async function post(
  body: string | Buffer,
  { token = 'right', encoding, ...changes }: Partial<StoreAccess> & { token?: string; encoding?: string } = {},
) {
  const parts: InventoryPart[] = [];
  const takeInventoryPart: StoreAccess['takeInventoryPart'] = async (part) => {
    parts.push(part);
    return ok(part.total === null ? null : { machines: part.total, before: 40 });
  };
  const response = await app({ store: () => fakeStore({ takeInventoryPart, ...changes }) }).inject({
    method: 'POST',
    url: '/api/v1/machines',
    headers: {
      authorization: `Bearer ${token}`,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    payload: body,
  });
  return { status: response.statusCode, json: response.json(), parts };
}

describe('POST /api/v1/machines', () => {
  it('takes a list as a snapshot, and says what it took its columns for', async () => {
    const { status, json, parts } = await post('Name,LastSeen,Owner\nWS-1,2026-05-01,ada\n10.0.0.1,,\n');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      source: 'http',
      rows: 2,
      machines: 1,
      columns: [
        { column: 'Name', meaning: 'name' },
        { column: 'LastSeen', meaning: 'seen' },
      ],
      rejected: [{ row: 2, reason: 'an address is not a name' }],
      rejected_count: 1,
      warnings: [expect.stringContaining('it has 1 machines, and had 40')],
    });
    expect(parts).toMatchObject([{ source: 'http', total: 1, machines: [{ machine: 'ws-1' }] }]);
    expect(JSON.stringify(json)).not.toContain('ada');
  });

  it('hands a long list on in parts, the last of which ends it', async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `ws-${index}`);
    const { parts } = await post(JSON.stringify(names));
    expect(parts.map(({ machines, total }) => [machines.length, total])).toEqual([
      [1000, null],
      [1000, null],
      [500, 2500],
    ]);
  });

  it('warns of a list whose dates it cannot name', async () => {
    const { json } = await post(`Name,Ostatnie logowanie\n${'ws-1,2026-05-01\n'.repeat(40)}`);
    expect(json).toMatchObject({
      warnings: [
        expect.stringContaining("If it is 'Ostatnie logowanie', rename that column to 'LastSeen'"),
        expect.anything(),
      ],
    });
  });

  it('takes nothing of a list that broke off', async () => {
    const cut = gzipSync('ws-1\nws-2\nws-3\n').subarray(0, -4);
    const { status, json, parts } = await post(cut, { encoding: 'gzip' });
    expect([status, json]).toEqual([400, { error: expect.stringContaining('the body broke off') }]);
    // What would be taken after the answer.
    await setTimeout(100);
    expect(parts).toEqual([]);
  });

  it('refuses another token, what is no list, and what the store cannot take', async () => {
    expect((await post('ws-1\n', { token: 'wrong' })).status).toBe(401);
    expect(await post('<html></html>')).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('HTML') },
    });
    const failed = await post('ws-1\n', {
      takeInventoryPart: async () => err(storeFailure('full', 'the disk is full')),
    });
    expect(failed).toMatchObject({ status: 503, json: { error: expect.stringContaining('the disk is full') } });
  });
});

it('GET /api/v1/machines asks the store what was asked', async () => {
  const asked: MachineQuery[] = [];
  const machines: StoreAccess['machines'] = async (query) => {
    asked.push(query);
    return fakeStore().machines(query);
  };
  const web = app({ store: () => fakeStore({ machines }) });
  const found = await web.inject('/api/v1/machines?verdict=never_asked&silent_for=30d&client=ws&limit=5&cursor=x');
  expect(found.json()).toEqual({ machines: [], next_cursor: null, reading: [] });
  expect(asked).toEqual([
    { verdict: 'never_asked', silentFor: seconds(30 * 86_400), client: 'ws', limit: 5, cursor: 'x' },
  ]);
  expect((await web.inject('/api/v1/machines?verdict=well')).statusCode).toBe(400);
});
