import type { FastifyReply } from 'fastify';
import { type PageParts, page } from './layout.ts';

/** Pages load their own style, script and icon, and nothing else; no page may be framed. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function sendPage(reply: FastifyReply, parts: PageParts): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('Content-Security-Policy', POLICY).send(page(parts).text);
}
