import { once } from 'node:events';
import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { readBody } from './request-body.ts';

it.each(['identity', 'gzip'])('breaks off a body (%s) that was closed before anybody read it', async (encoding) => {
  const app = Fastify();
  app.get('/', async (request, reply) => {
    const body = Readable.from(['a']);
    body.destroy();
    await once(body, 'close');
    request.body = body;
    const isRead = await readBody(request, reply, { octets: 100, error: 'too large' }, () => undefined);
    return isRead ? 'read' : reply;
  });
  const response = await app.inject({ url: '/', headers: { 'content-encoding': encoding } });
  expect([response.statusCode, response.json().error]).toEqual([400, expect.stringMatching(/^the body broke off: /)]);
});
