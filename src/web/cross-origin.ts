import type { FastifyRequest } from 'fastify';

/** RFC 9110 9.2.1: methods that change nothing. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a browser sends a request that changes something on behalf of another site's page. Browsers say where a
 * request comes from by Sec-Fetch-Site (Fetch Metadata), older ones by Origin (RFC 6454 7); other clients say nothing.
 */
export function isCrossOrigin({ method, headers, host }: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): boolean {
  if (SAFE.has(method)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}
