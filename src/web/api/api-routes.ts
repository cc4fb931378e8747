import type { FastifyInstance, RouteOptions } from 'fastify';
import type { WebBackend } from '../web-backend.ts';
import { type DocumentedRoute, jsonAnswer, type RouteDoc } from './route-doc.ts';

const DOCUMENT: RouteDoc = {
  summary: 'This document',
  answers: { 200: jsonAnswer('OpenAPI 3.1', 'document') },
};

/** Serves the description of all routes that are added after this. */
export function apiRoutes(app: FastifyInstance, backend: WebBackend): void {
  const routes = documentedRoutes(app);
  app.get('/api/v1/openapi.json', { config: { doc: DOCUMENT } }, async (_request, reply) => {
    // Made on request: few ask, and its writer need not be loaded before.
    const { openApiDocument } = await import('./openapi.ts');
    return reply.type('application/json').send(JSON.stringify(openApiDocument(backend.version, routes)));
  });
}

/** A list of the routes, which grows as they are added. Those for HEAD, which Fastify adds, are left out. */
function documentedRoutes(app: FastifyInstance): readonly DocumentedRoute[] {
  const routes: DocumentedRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }: RouteOptions) => {
    for (const each of [method].flat()) {
      if (each === 'HEAD') continue;
      routes.push({ method: each, url, doc: config?.doc, ownAuthentication: config?.ownAuthentication === true });
    }
  });
  return routes;
}
