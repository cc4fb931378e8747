import { describe, expect, it } from 'vitest';
import { app, fakeStore } from '../../test/support/web-app.ts';
import { err, ok } from '../kernel/result.ts';

describe('GET /api/v1/leases', () => {
  it('hands every filter to the store', async () => {
    let asked: object | undefined;
    const store = fakeStore({
      leases: async (query) => {
        asked = query;
        return ok({ leases: [], next_cursor: null, previous_cursor: 'before' });
      },
    });
    const url =
      '/api/v1/leases?state=expiring&within=30d&product=x&class=client&host=KMS1.Example.&client=ws&sort=client&limit=5&cursor=c';
    expect((await app({ store: () => store }).inject(url)).json()).toEqual({
      leases: [],
      next_cursor: null,
      reading: [],
    });
    expect(asked).toEqual({
      state: 'expiring',
      within: 30 * 86_400,
      product: 'x',
      cls: 'client',
      host: 'kms1.example',
      client: 'ws',
      sort: 'client',
      limit: 5,
      cursor: 'c',
    });
  });

  it.each([
    ['state=x', /^state must be retired, superseded, .* or valid, but is 'x'$/],
    ['limit=0', /^limit must be a whole number from 1 to 1000, but is (0|'0')$/],
    ['limit=1001', /^limit must be a whole number from 1 to 1000, but is /],
    ['limit=many', /^limit must be a whole number from 1 to 1000, but is 'many'$/],
    ['limit=1&limit=2', /^limit must be a whole number from 1 to 1000, but is a list$/],
    ['sort=up', /^sort must be expiry, client or last_request, but is 'up'$/],
    ['class=x', /^class must be client, server, office or unknown, but is 'x'$/],
    ['within=5', /^within is not a duration: write it as /],
    ['within=9999999999d', /^within is longer than a thousand years$/],
    ['host=a..b', /^host is not a host name: 'a\.\.b' has an empty label$/],
    ['client=', /^client must be 1 to 256 characters long, but is ''$/],
    ['nonsense=1', /^unknown parameter 'nonsense'; known parameters: state, within, /],
    ['sort=up&limit=x', /^sort .*; limit must/],
  ])('%s is 400', async (query, sentence) => {
    const response = await app().inject(`/api/v1/leases?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatch(sentence);
  });

  it('of a bad cursor is 400, of a failing store 503', async () => {
    const failing = (reason: 'bad_query' | 'io') => () =>
      fakeStore({ leases: async () => err({ reason, text: 'no' }) });
    expect((await app({ store: failing('bad_query') }).inject('/api/v1/leases')).statusCode).toBe(400);
    expect((await app({ store: failing('io') }).inject('/api/v1/leases')).statusCode).toBe(503);
  });
});

describe('GET /api/v1/forecast', () => {
  it('looks 180 days ahead, or as far as asked', async () => {
    expect((await app().inject('/api/v1/forecast')).json()).toMatchObject({ days: 180 });
    expect((await app().inject('/api/v1/forecast?days=30')).json()).toMatchObject({ days: 30 });
    expect((await app().inject('/api/v1/forecast?days=401')).statusCode).toBe(400);
  });

  it('tells each host and class', async () => {
    expect((await app().inject('/api/v1/forecast')).json()).toEqual({
      as_of: '1970-01-01T00:00:00Z',
      reading: [],
      days: 180,
      without: null,
      stopping: null,
      hosts: [
        {
          ...{ host: 'kms01.corp.example', class: 'client', pool: 'windows', census: [2, 1], ends: [1] },
          ...{ count: null, threshold: null, breach: null },
        },
      ],
    });
  });
});
