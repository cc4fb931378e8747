import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { inSeconds } from '../kernel/time.ts';
import { type RouteDoc, textAnswer } from './api/route-doc.ts';
import { badRequest } from './bad-request.ts';
import type { LiveProbe, LiveProbeAnswer } from './probe/live-probe.ts';
import { readScrapeTimeout } from './probe/scrape-timeout.ts';
import { known, must, oneOf } from './query.ts';
import type { WebBackend } from './web-backend.ts';

/** Probes under way at once, over all who ask. */
const MAX_PROBES = 128;

/** A name of 253 characters and a port. */
const MAX_TARGET = 260;

/** Every parameter at most once: of two, nobody could say which one counts. */
const Query = known({
  target: z
    .string(must(`be a host, or a domain, of 1 to ${MAX_TARGET} characters`))
    .min(1)
    .max(MAX_TARGET),
  module: oneOf(['rpc', 'tcp', 'srv']),
  debug: oneOf(['true', 'false']).optional(),
});

const PROBE: RouteDoc = {
  summary: 'A live probe in the style of blackbox_exporter',
  query: Query,
  headers: z.object({
    'X-Prometheus-Scrape-Timeout-Seconds': z.string().optional().describe('Seconds that the scraper waits'),
  }),
  answers: { 200: textAnswer('The metrics of the probe, whether or not the target is up; with debug, also its log') },
};

let loaded: Promise<typeof import('./probe/live-probe.ts')> | undefined;

/** Loaded by the first who asks: most agents never probe on demand. */
function load(): Promise<typeof import('./probe/live-probe.ts')> {
  loaded ??= import('./probe/live-probe.ts');
  return loaded;
}

/** A live probe, in the manner of blackbox_exporter: the only route that makes the program look at a host. */
export function probeRoutes(app: FastifyInstance, backend: WebBackend): void {
  let underWay = 0;
  app.get('/probe', { config: { doc: PROBE } }, async (request, reply) => {
    const query = Query.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const timeout = readScrapeTimeout(request.headers['x-prometheus-scrape-timeout-seconds']);
    if (!timeout.ok) return reply.code(400).send({ error: timeout.error });
    if (underWay >= MAX_PROBES) return later(reply, 'too many probes at once: try again in a second');
    underWay += 1;
    const { signal, done } = untilGone(reply);
    try {
      const { target, module, debug } = query.data;
      const probe = { target, module, timeout: timeout.value, signal };
      return await answer(backend, probe, debug === 'true', reply);
    } finally {
      underWay -= 1;
      done();
    }
  });
}

async function answer(
  backend: WebBackend,
  probe: LiveProbe,
  debug: boolean,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { liveProbe } = await load();
  const live = backend.liveProbe();
  if (live === undefined) return later(reply, 'the agent is still starting: try again in a second');
  const found = await liveProbe(live, probe);
  if (!found.ok) return reply.code(found.error.kind === 'bad' ? 400 : 403).send({ error: found.error.text });
  if (debug) return reply.type('text/plain; charset=utf-8').send(debugText(probe, found.value));
  return reply.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(found.value.metrics);
}

function debugText({ module, timeout }: LiveProbe, { log, metrics }: LiveProbeAnswer): string {
  const asked = timeout === undefined ? 'none' : `${inSeconds(timeout)} s`;
  return [
    'Logs for the probe:',
    ...log(),
    '',
    'Metrics that would have been returned:',
    metrics,
    'Module configuration:',
    `module: ${module}`,
    `scrape timeout: ${asked}`,
    '',
  ].join('\n');
}

function later(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', 1).send({ error });
}

/** A scraper that hangs up ends its probe. */
function untilGone(reply: FastifyReply): { readonly signal: AbortSignal; readonly done: () => void } {
  const gone = new AbortController();
  const abort = (): void => gone.abort();
  reply.raw.once('close', abort);
  return { signal: gone.signal, done: () => reply.raw.off('close', abort) };
}
