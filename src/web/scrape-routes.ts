import { pipeline, Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { CONTENT_TYPES, formatFor } from '../exposition/open-metrics.ts';
import { formatHostPort } from '../kernel/address.ts';
import { jsonAnswer, type RouteDoc, textAnswer } from './api/route-doc.ts';
import { maySeeMachines } from './page-access.ts';
import type { WebBackend } from './web-backend.ts';

const METRICS: RouteDoc = {
  summary: 'Metrics in the text format 0.0.4, or in OpenMetrics 1.0 if Accept asks for it',
  answers: { 200: textAnswer('The page of metrics') },
};

const TARGETS: RouteDoc = {
  summary: 'The KMS hosts found, for HTTP service discovery of Prometheus',
  answers: { 200: jsonAnswer('All of them', 'targets') },
};

/** What Prometheus reads. */
export function scrapeRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/metrics', { config: { doc: METRICS } }, async (request, reply) => {
    await backend.count();
    const format = formatFor(request.headers.accept);
    const body = Readable.from(backend.metrics(maySeeMachines(request, backend.access()), format), {
      objectMode: false,
    });
    reply.headers({ 'content-type': CONTENT_TYPES[format], vary: 'Accept, Accept-Encoding' });
    if (!takesGzip(request.headers['accept-encoding'])) return reply.send(body);
    const { createGzip } = process.getBuiltinModule('node:zlib');
    // Pages compress well however little one tries; it happens beside the main thread.
    const compressed = pipeline(body, createGzip({ level: 1 }), () => {});
    return reply.header('content-encoding', 'gzip').send(compressed);
  });
  app.get('/sd/hosts', { config: { doc: TARGETS } }, async (_request, reply) => {
    // Prometheus keeps its list at an error, and would drop all targets at an empty one.
    if (!backend.ready()) return reply.code(503).type('text/plain').send('The first round has not finished yet.\n');
    // Whole and JSON each time: Prometheus replaces its list by the answer (docs/http_sd).
    return reply.type('application/json').send(JSON.stringify(targetGroups(backend)));
  });
}

/** RFC 9110 12.5.3, for the only encoding that Prometheus asks for. */
function takesGzip(acceptEncoding: string | readonly string[] | undefined): boolean {
  const [, quality] = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)/i.exec(String(acceptEncoding ?? '')) ?? [
    null,
    '0',
  ];
  return Number(quality ?? 1) > 0;
}

interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

function targetGroups(backend: WebBackend): readonly TargetGroup[] {
  const { endpoints, hosts, domains } = backend.estate();
  const byName = new Map(hosts.map((host) => [host.host, host]));
  return endpoints.map(({ host, port }) => {
    const publishing = domains.filter((domain) => domain.records.some((record) => record.host === host));
    return {
      targets: [formatHostPort(host, port)],
      labels: {
        __meta_kms_host: host,
        __meta_kms_port: String(port),
        // With a comma on either side, as Prometheus does it, so that a relabelling rule can match a whole name.
        __meta_kms_domains: publishing.length === 0 ? '' : `,${publishing.map((domain) => domain.name).join(',')},`,
        __meta_kms_published: String(byName.get(host)?.published ?? ''),
        __meta_kms_expected: String(byName.get(host)?.expected ?? false),
      },
    };
  });
}
