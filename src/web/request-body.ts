import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Seconds until a sender should come again. */
const RETRY_AFTER = 5;

/**
 * The body of a request as it comes, decompression included.
 * @returns undefined for an encoding that is not read
 */
export function openBody(request: FastifyRequest): Readable | undefined {
  // Fastify has none for a request without one.
  const body = (request.body ?? Readable.from([])) as Readable;
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

/** True when the request says itself that it is longer than it may be. */
export function saysTooLarge(request: FastifyRequest, limit: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

export function tooLarge(reply: FastifyReply, error: string): FastifyReply {
  // The rest of the body is not read: the connection cannot be used again.
  return reply.code(413).header('Connection', 'close').send({ error });
}

export function strangeEncoding(reply: FastifyReply): FastifyReply {
  return reply.code(415).send({ error: 'send the body as it is, or with Content-Encoding gzip' });
}

export function brokeOff(reply: FastifyReply, error: unknown): FastifyReply {
  const reason = error instanceof Error ? error.message : 'unreadable';
  return reply.code(400).send({ error: `the body broke off: ${reason}` });
}

/** What is wrong here is mended here: the sender keeps what it has and comes again. */
export function later(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', RETRY_AFTER).send({ error });
}
