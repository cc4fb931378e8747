import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../kernel/logger.ts';
import { Intake } from '../store/intake.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { EventsAnswer, NoEventsAnswer } from './api/schemas.ts';
import { bearerToken, sameSecret } from './bearer.ts';
import type { IngestSettings, WebSource } from './web-source.ts';

/** Seconds until a sender should come again. */
const RETRY_AFTER = 5;

const EVENTS: RouteDoc = {
  summary: 'Takes log records of KMS hosts in; they are on disk before the answer',
  body: {
    'application/json': 'Records in any of the forms that docs/event-forms.md lists, told apart by their content',
    'application/x-ndjson': 'The same, one a line',
    'application/xml': 'Event XML',
  },
  answers: {
    200: jsonAnswer('At least one record was understood', EventsAnswer),
    400: jsonAnswer('None was understood, or the body broke off', NoEventsAnswer),
  },
};

/** Takes log records in; they are on disk before the answer. */
export function eventRoutes(app: FastifyInstance, source: WebSource, logger: Logger): void {
  void app.register(async (routes) => {
    // The body is read as it comes: a large one is never held as a whole.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    routes.post('/api/v1/events', { config: { ownAuthentication: true, doc: EVENTS } }, async (request, reply) => {
      const settings = source.ingest();
      const refusal = await refuse(settings, logger, request, reply);
      return refusal ?? takeIn(source, settings.maxBody, request, reply);
    });
  });
}

/** @returns the answer to a sender that may not send; undefined for one that may */
async function refuse(
  { token }: IngestSettings,
  logger: Logger,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (token === undefined) {
    // Not 403: shippers throw away what is refused for good, and this is mended by a line of configuration.
    return later(reply, 'taking events in is off: set ingest.token_file in the configuration of kmswatch');
  }
  const expected = await token.read();
  if (!expected.ok) {
    // Where it stands is nobody's business who has not sent it.
    logger.error({ error: expected.error }, 'the token of ingest cannot be read');
    return later(reply, 'the token of ingest cannot be read: the log of kmswatch says why');
  }
  const given = bearerToken(request.headers.authorization);
  if (given !== undefined && sameSecret(given, expected.value)) return undefined;
  return reply
    .code(401)
    .header('WWW-Authenticate', 'Bearer')
    .send({ error: 'send the token of ingest as "Authorization: Bearer TOKEN"' });
}

function later(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', RETRY_AFTER).send({ error });
}

async function takeIn(
  source: WebSource,
  maxBody: number,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const octets = openBody(request);
  if (octets === undefined)
    return reply.code(415).send({ error: 'send the body as it is, or with Content-Encoding gzip' });
  if (Number(request.headers['content-length'] ?? 0) > maxBody) return tooLarge(reply, maxBody);
  const intake = new Intake(source.store(), 'http');
  let size = 0;
  try {
    // Not destroyed at an early end: the connection has to carry the answer.
    for await (const chunk of octets.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBody) return tooLarge(reply, maxBody);
      const failure = await intake.push(chunk);
      if (failure !== undefined) return later(reply, failure);
    }
  } catch (error) {
    return reply
      .code(400)
      .send({ error: `the body broke off: ${error instanceof Error ? error.message : 'unreadable'}` });
  }
  const failure = await intake.end();
  if (failure !== undefined) return later(reply, failure);
  return reply.code(intake.understoodAny ? 200 : 400).send(intake.summary);
}

/** @returns undefined for an encoding that is not read */
function openBody(request: FastifyRequest): Readable | undefined {
  const body = request.body as Readable;
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body;
  return encoding === 'gzip' ? inflate(body) : undefined;
}

/**
 * Neither `pipeline`, which destroys the connection at an error of the decompression, so that nobody can be told, nor
 * `compose`, which leaves an error at the end of the input to the process (Node 24).
 */
function inflate(body: Readable): Readable {
  const gunzip = createGunzip();
  body.once('error', (error) => gunzip.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) gunzip.destroy(new Error('the connection was closed'));
  });
  return body.pipe(gunzip);
}

function tooLarge(reply: FastifyReply, maxBody: number): FastifyReply {
  // The rest of the body is not read: the connection cannot be used again.
  return reply
    .code(413)
    .header('Connection', 'close')
    .send({ error: `more than ingest.max_body, ${maxBody} octets: send fewer records at a time` });
}
