import type { FastifyReply } from 'fastify';
import { wayUp } from '../public-paths.ts';
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

/** A link in the text of a page, which begins at the root. No text from elsewhere is one: its quotes are escaped. */
const LINK = / (href|src|action)="\/(metrics")?/g;

/**
 * Sends a page. Its links are written as if the agent were at the root of its host; they go out relative to the page, so
 * that they lead to the right place below any path, whatever a proxy makes of it.
 */
export function sendPage(reply: FastifyReply, parts: PageParts): FastifyReply {
  const { telemetry } = reply.server.publicPaths();
  const up = wayUp(reply.request.url);
  const text = page(parts).text.replace(LINK, (_, name: string, metrics: string | undefined) =>
    metrics === undefined ? ` ${name}="${up}` : ` ${name}="${up}${telemetry.slice(1)}"`,
  );
  return reply.type('text/html; charset=utf-8').header('Content-Security-Policy', POLICY).send(text);
}
