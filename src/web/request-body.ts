import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Seconds until a sender should come again. */
const RETRY_AFTER = 5;
/** What is read of a body that is too large, after it was refused: octets, milliseconds. */
const MAX_DRAIN = 64 * 2 ** 20;
const DRAIN_TIME = 5_000;

/** How long a body may be. */
export interface BodyLimit {
  readonly octets: number;
  /** What a longer one is answered. */
  readonly error: string;
}

/**
 * Reads the body of a request as it comes, decompression included, and nothing beyond its limit.
 * @param onChunk returns why to stop; the sender is then asked to come again
 * @returns undefined when the body was read to its end; otherwise the answer, which is sent
 */
export async function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  limit: BodyLimit,
  onChunk: (chunk: Buffer) => Promise<string | undefined> | undefined,
): Promise<FastifyReply | undefined> {
  const octets = openBody(request);
  if (octets === undefined) {
    return reply.code(415).send({ error: 'send the body as it is, or with Content-Encoding gzip' });
  }
  // The request may say itself that it is longer than it may be.
  if (Number(request.headers['content-length'] ?? 0) > limit.octets) return tooLarge(request, reply, limit.error);
  let size = 0;
  try {
    // Not destroyed at an early end: the connection has to carry the answer.
    for await (const chunk of octets.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > limit.octets) return tooLarge(request, reply, limit.error);
      const failure = await onChunk(chunk);
      if (failure !== undefined) return later(reply, failure);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    return reply.code(400).send({ error: `the body broke off: ${reason}` });
  }
  return undefined;
}

/** @returns undefined for an encoding that is not read */
function openBody(request: FastifyRequest): Readable | undefined {
  // Fastify has none for a request without one.
  const body = (request.body ?? Readable.from([])) as Readable;
  // RFC 9110 8.4.1: in any case.
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return body;
  return encoding === 'gzip' ? inflate(body) : undefined;
}

/**
 * Neither `pipeline`, which destroys the connection at an error of the decompression, so that nobody can be told, nor
 * `compose`, which leaves an error at the end of the input to the process (Node 24).
 */
function inflate(body: Readable): Readable {
  const gunzip = createGunzip();
  // Whoever reads it is told all the same; of what nobody reads on, as it is too large, an error would end the process.
  gunzip.on('error', () => {});
  body.once('error', (error) => gunzip.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) gunzip.destroy(new Error('the connection was closed'));
  });
  return body.pipe(gunzip);
}

function tooLarge({ raw }: FastifyRequest, reply: FastifyReply, error: string): FastifyReply {
  const answer = JSON.stringify({ error });
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
      body.off('data', onData).off('close', end).off('end', end).off('error', end);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) end();
    };
    const timer = setTimeout(end, DRAIN_TIME);
    body.unpipe();
    body.on('data', onData).once('close', end).once('end', end).once('error', end);
    body.resume();
  });
}

/** What is wrong here is mended here: the sender keeps what it has and comes again. */
export function later(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', RETRY_AFTER).send({ error });
}
