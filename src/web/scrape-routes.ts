import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { formatHostPort } from '../kernel/address.ts';
import { jsonAnswer, type RouteDoc, textAnswer } from './api/route-doc.ts';
import { TargetsAnswer } from './api/schemas.ts';
import { maySeeMachines } from './page-access.ts';
import type { WebBackend } from './web-backend.ts';

const METRICS: RouteDoc = {
  summary: 'Metrics in the text format 0.0.4',
  answers: { 200: textAnswer('The page of metrics') },
};

const TARGETS: RouteDoc = {
  summary: 'The KMS hosts found, for HTTP service discovery of Prometheus',
  answers: { 200: jsonAnswer('All of them', TargetsAnswer) },
};

/** What Prometheus reads. */
export function scrapeRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/metrics', { config: { doc: METRICS } }, async (request, reply) => {
    await backend.count();
    const { contentType, body } = backend.metrics(maySeeMachines(request, backend.access()));
    return reply.header('Content-Type', contentType).send(Readable.from(body, { objectMode: false }));
  });
  app.get('/sd/hosts', { config: { doc: TARGETS } }, async (_request, reply) => {
    // Prometheus keeps its list at an error, and would drop all targets at an empty one.
    if (!backend.ready()) return reply.code(503).type('text/plain').send('The first round has not finished yet.\n');
    // Whole and JSON each time: Prometheus replaces its list by the answer (docs/http_sd).
    return reply.type('application/json').send(JSON.stringify(targetGroups(backend)));
  });
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
