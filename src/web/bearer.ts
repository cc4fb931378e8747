import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Secret } from '../kernel/secret.ts';

/** The token of an `Authorization: Bearer TOKEN` header (RFC 6750 2.1); undefined when there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
}

export function unknownToken(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ error });
}

/** Compares in a time that reveals nothing about either text. */
export function sameSecret(given: string, expected: Secret): boolean {
  return timingSafeEqual(digest(given), digest(expected.reveal()));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
