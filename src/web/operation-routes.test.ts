import { describe, expect, it, test } from 'vitest';
import { app } from '../../test/support/web-app.ts';
import { err } from '../kernel/result.ts';

describe('operations', () => {
  test.each([
    ['GET', '/-/healthy', 200, 'kmswatch is healthy.\n'],
    ['GET', '/-/ready', 200, 'kmswatch is ready.\n'],
    ['POST', '/-/reload', 200, 'The configuration was reloaded.\n'],
    ['PUT', '/-/reload', 200, 'The configuration was reloaded.\n'],
    ['GET', '/-/reload', 405, 'Use POST or PUT.\n'],
    ['POST', '/metrics?x=1', 405, 'Use GET or HEAD.\n'],
    ['OPTIONS', '/', 405, 'Use GET or HEAD.\n'],
    ['DELETE', '/api/v1/machines', 405, 'Use GET, HEAD or POST.\n'],
    ['GET', '/api/v1/events', 405, 'Use POST.\n'],
    ['POST', '/nothing', 404, 'Not found.\n'],
    ['GET', '/%ff', 400, "'/%ff' is not a valid url component\n"],
    ['GET', '/config', 200, 'hosts: []\n'],
    ['GET', '/nothing', 404, 'Not found.\n'],
  ] as const)('%s %s is %i', async (method, url, status, body) => {
    const response = await app().inject({ method, url });
    expect([response.statusCode, response.body]).toEqual([status, body]);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it('name the methods that a route takes', async () => {
    const response = await app().inject({ method: 'DELETE', url: '/-/reload' });
    expect(response.headers.allow).toBe('POST, PUT');
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/yaml'])(
    'a reload takes a body of type %s, and drops it',
    async (type) => {
      const response = await app().inject({
        method: 'POST',
        url: '/-/reload',
        headers: { 'content-type': type },
        payload: '{',
      });
      expect(response.statusCode).toBe(200);
    },
  );

  it('are not ready before the first rounds have ended', async () => {
    expect((await app({ ready: () => false }).inject('/-/ready')).statusCode).toBe(503);
  });

  it('say why a configuration is not taken', async () => {
    const response = await app({ reload: async () => err('kmswatch.yml:1:1: bad') }).inject({
      method: 'POST',
      url: '/-/reload',
    });
    expect([response.statusCode, response.body]).toEqual([
      500,
      'The old configuration stays in force:\nkmswatch.yml:1:1: bad\n',
    ]);
  });
});
