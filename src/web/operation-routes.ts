import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type RouteDoc, textAnswer } from './api/route-doc.ts';
import type { WebBackend } from './web-backend.ts';

const HEALTHY: RouteDoc = { summary: 'Whether the agent is running', answers: { 200: textAnswer('It is running') } };
const READY: RouteDoc = {
  summary: 'Whether every loop has finished its first round',
  answers: { 200: textAnswer('They have'), 503: textAnswer('Not yet') },
};
const RELOAD: RouteDoc = {
  summary: 'Reloads the configuration',
  answers: {
    200: textAnswer('It was accepted'),
    500: textAnswer('It was rejected and the old one stays in force; lists every mistake'),
  },
};
const CONFIGURATION: RouteDoc = {
  summary: 'The effective configuration with secrets hidden',
  answers: { 200: textAnswer('YAML') },
};

/** Health, readiness, reload and the configuration, at the paths that Prometheus' own servers use. */
export function operationRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/-/healthy', { config: { doc: HEALTHY } }, async (_request, reply) =>
    reply.type('text/plain').send('kmswatch is healthy.\n'),
  );
  app.get('/-/ready', { config: { doc: READY } }, async (_request, reply) => {
    reply.type('text/plain');
    if (backend.ready()) return reply.send('kmswatch is ready.\n');
    return reply.code(503).send('kmswatch has not finished its first round yet.\n');
  });
  // PUT does the same, as with Prometheus' own servers.
  app.route({ method: ['POST', 'PUT'], url: '/-/reload', config: { doc: RELOAD }, handler: reload });
  async function reload(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const reloaded = await backend.reload();
    reply.type('text/plain');
    if (reloaded.ok) return reply.send('The configuration was reloaded.\n');
    return reply.code(500).send(`The old configuration stays in force:\n${reloaded.error}\n`);
  }
  app.get('/config', { config: { doc: CONFIGURATION } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(backend.configuration()),
  );
}
