import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Seconds until a sender should come again. */
const RETRY_AFTER = 5;
/** What is read of a body that is too large, after it was refused: octets, milliseconds. */
const MAX_DRAIN = 64 * 2 ** 20;
const DRAIN_TIME = 5_000;

/** Why a body is not read on: the sender is to come again with it, or is refused what is in it. */
export type Stop =
  | { readonly kind: 'later'; readonly error: string }
  | { readonly kind: 'refused'; readonly status: 400 | 413; readonly answer: object };

/** How long a body may be. */
export interface BodyLimit {
  readonly octets: number;
  /** What a longer one is answered. */
  readonly error: string;
}

/**
 * Reads the body of a request as it comes, decompression included, and nothing beyond its limit.
 * @param onChunk returns why to stop; the sender is then told so
 * @returns whether the body was read to its end; if not, the answer is sent. It is not given back: a promise of it would
 * be one of nothing, as a reply is a promise itself.
 */
export async function readBody(
  request: FastifyRequest,
  reply: FastifyReply,
  limit: BodyLimit,
  onChunk: (chunk: Buffer) => Promise<Stop | undefined> | undefined,
): Promise<boolean> {
  const octets = openBody(request);
  if (octets === undefined) {
    reply.code(415).send({ error: 'send the body as it is, or with Content-Encoding gzip' });
    return false;
  }
  if (toldOctets(request) > limit.octets) {
    refuseEarly(request, reply, 413, { error: limit.error });
    return false;
  }
  let size = 0;
  try {
    // Not destroyed at an early end: the connection has to carry the answer.
    for await (const chunk of octets.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      const stop = size > limit.octets ? tooLarge(limit) : await onChunk(chunk);
      if (stop?.kind === 'later') later(reply, stop.error);
      if (stop?.kind === 'refused') refuseEarly(request, reply, stop.status, stop.answer);
      if (stop !== undefined) return false;
    }
  } catch (error) {
    reply.code(400).send({ error: brokenOff(error) });
    return false;
  }
  return true;
}

function brokenOff(error: unknown): string {
  if (!(error instanceof Error)) return 'the body broke off: unreadable';
  // zlib's words at the first octets: https://github.com/madler/zlib/blob/v1.3.1/inflate.c
  return error.message === 'incorrect header check'
    ? 'the body is not gzip, although its header Content-Encoding says so: leave out the header, or compress the body'
    : `the body broke off: ${error.message}`;
}

/** What the request itself says of its length. */
function toldOctets({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? 0);
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
 * Neither `pipeline`, which destroys the connection at an error of the decompression, so that nobody can be answered, nor
 * `compose`, which leaves an error at the end of the input to the process (Node 24).
 */
function inflate(body: Readable): Readable {
  const gunzip = createGunzip();
  // Its reader hears of it all the same; if nobody reads on, as it is too large, an error would end the process.
  gunzip.on('error', () => {});
  const breakOff = () => {
    if (!body.readableEnded) gunzip.destroy(new Error('the connection was closed'));
  };
  body.once('error', (error) => gunzip.destroy(error));
  body.once('close', breakOff);
  // Closed while its route was being loaded, or a token read: nothing is told any more.
  if (body.destroyed) breakOff();
  return body.pipe(gunzip);
}

function tooLarge({ error }: BodyLimit): Stop {
  return { kind: 'refused', status: 413, answer: { error } };
}

/** Answers before the body has come as a whole. */
function refuseEarly({ raw }: FastifyRequest, reply: FastifyReply, status: number, object: object): void {
  const answer = JSON.stringify(object);
  // The connection cannot be used again, as the body may go on for ever.
  reply
    .code(status)
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

/** The fault is on this side: the sender keeps what it has and comes again. */
export function later(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', RETRY_AFTER).send({ error });
}
