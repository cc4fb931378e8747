import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
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

const EMPTY = 'the body has no log record: send one or more, in any form of docs/event-forms.md';
/** What is read of a body that is too large, after it was refused: octets, milliseconds. */
const MAX_DRAIN = 64 * 2 ** 20;
const DRAIN_TIME = 5_000;

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
      // With nothing in it, there is no body to open.
      if (refusal === undefined && isAbsent(request.body)) return reply.code(400).send({ error: EMPTY });
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
  if (Number(request.headers['content-length'] ?? 0) > maxBody) return tooLarge(request, reply, maxBody);
  const intake = new Intake(source.store(), 'http');
  let size = 0;
  try {
    // Not destroyed at an early end: the connection has to carry the answer.
    for await (const chunk of octets.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBody) return tooLarge(request, reply, maxBody);
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
  if (intake.isEmpty) return reply.code(400).send({ error: EMPTY });
  return reply.code(intake.understoodAny ? 200 : 400).send(intake.summary);
}

function isAbsent(body: unknown): boolean {
  return body === undefined || body === null;
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

function tooLarge({ raw }: FastifyRequest, reply: FastifyReply, maxBody: number): FastifyReply {
  const answer = JSON.stringify({
    error: `more than ingest.max_body, ${maxBody} octets: send fewer records at a time`,
  });
  // The connection cannot be used again, as the body may go on for ever.
  return reply
    .code(413)
    .header('Connection', 'close')
    .type('application/json; charset=utf-8')
    .header('Content-Length', Buffer.byteLength(answer))
    .send(Readable.from(answerAndDrain(answer, raw)));
}

/**
 * The answer, and then the rest of the body, to be thrown away: a client that writes all before it reads would else find
 * the connection reset, and never see the answer (RFC 9112 9.6). @yields the answer
 */
async function* answerAndDrain(answer: string, body: IncomingMessage): AsyncGenerator<string> {
  yield answer;
  await drain(body);
}

function drain(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = MAX_DRAIN;
    const end = () => {
      clearTimeout(timer);
      body.off('data', take).off('close', end).off('end', end).off('error', end);
      resolve();
    };
    const take = (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    };
    const timer = setTimeout(end, DRAIN_TIME);
    body.unpipe();
    body.on('data', take).once('close', end).once('end', end).once('error', end);
    body.resume();
  });
}
