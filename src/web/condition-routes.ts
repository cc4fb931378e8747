import type { FastifyInstance } from 'fastify';
import { conditionJson } from '../conditions/condition-json.ts';
import type { WebSource } from './web-source.ts';

/** What is wrong, as JSON: what does not hold for long enough yet has `firing: false`. */
export function conditionRoutes(app: FastifyInstance, source: WebSource): void {
  app.get('/api/v1/conditions', async (_request, reply) =>
    reply.send({ conditions: source.conditions().map(conditionJson) }),
  );
}
