import type { FastifyInstance } from 'fastify';
import { conditionJson } from '../conditions/condition-json.ts';
import { runbookUrl } from '../notify/links.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { maySeeMachines } from './page-access.ts';
import { readingJson } from './reading-json.ts';
import type { WebBackend } from './web-backend.ts';

const CONDITIONS: RouteDoc = {
  summary: 'The open conditions',
  answers: { 200: jsonAnswer('Open conditions, critical ones first', 'conditions') },
};

/** What is wrong, as JSON: what does not hold for long enough yet has `firing: false`. */
export function conditionRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/conditions', { config: { doc: CONDITIONS } }, async (request, reply) => {
    const links = backend.links();
    const open = backend.conditions();
    const isNaming = maySeeMachines(request, backend.access());
    return reply.send({
      conditions: open.map((each) => conditionJson(each, runbookUrl(each, links), isNaming)),
      reading: readingJson(backend),
    });
  });
}
