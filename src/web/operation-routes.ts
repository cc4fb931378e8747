import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSource } from './web-source.ts';

/** Health, readiness, reload and the configuration, at the paths that Prometheus' own servers use. */
export function operationRoutes(app: FastifyInstance, source: WebSource): void {
  app.get('/-/healthy', async (_request, reply) => reply.type('text/plain').send('kmswatch is healthy.\n'));
  app.get('/-/ready', async (_request, reply) => {
    reply.type('text/plain');
    if (source.ready()) return reply.send('kmswatch is ready.\n');
    return reply.code(503).send('kmswatch has not ended its first round yet.\n');
  });
  // PUT does the same, as with Prometheus' own servers.
  app.route({ method: ['POST', 'PUT'], url: '/-/reload', handler: reload });
  async function reload(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const reloaded = await source.reload();
    reply.type('text/plain');
    if (reloaded.ok) return reply.send('The configuration was read again.\n');
    return reply.code(500).send(`The old configuration stays:\n${reloaded.error}\n`);
  }
  app.get('/-/reload', async (_request, reply) =>
    reply.code(405).header('Allow', 'POST, PUT').type('text/plain').send('Use POST.\n'),
  );
  app.get('/config', async (_request, reply) => reply.type('text/plain; charset=utf-8').send(source.configuration()));
}
