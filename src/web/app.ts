import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { alternatives } from '../config/expect.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { apiRoutes } from './api/api-routes.ts';
import { conditionRoutes } from './condition-routes.ts';
import { estateRoutes } from './estate-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { leaseRoutes } from './lease-routes.ts';
import { listRoutes, machineRoutes } from './machine-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { probeRoutes } from './probe-routes.ts';
import { lacksSlash, type PublicPaths, routedUrl } from './public-paths.ts';
import { reportRoutes } from './report-routes.ts';
import { addRequestHooks } from './request-hooks.ts';
import { scrapeRoutes } from './scrape-routes.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { SenderAuth } from './sender-auth.ts';
import type { WebBackend } from './web-backend.ts';

declare module 'fastify' {
  interface FastifyInstance {
    publicPaths(): PublicPaths;
  }
}

/** Octets of a request body, where the route has no limit. */
const MAX_BODY = 1024;

/** All routes in one Fastify instance, which knows nothing of listeners: `inject` and every listener reach the same. */
export function createApp(backend: WebBackend, logger: Logger, clock: Clock = systemClock): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY,
    forceCloseConnections: false,
    frameworkErrors,
    rewriteUrl: (request) => routedUrl(request, backend.publicPaths()),
    schemaController: { compilersFactory: { buildValidator: noJsonSchema, buildSerializer: noJsonSchema } },
  });
  // Most routes read no body: one that comes along, of any type, is dropped.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload.resume()));
  app.decorate('publicPaths', () => backend.publicPaths());
  addRequestHooks(app, backend, clock);
  apiRoutes(app, backend);
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) logger.error({ err: error, path: request.url }, 'request failed');
    return reply
      .removeHeader('content-encoding')
      .code(status)
      .type('text/plain')
      .send(status >= 500 ? 'Internal error: see the log.\n' : `${error.message}\n`);
  });
  app.setNotFoundHandler((request, reply) => {
    const paths = backend.publicPaths();
    if (lacksSlash(request, paths)) return reply.redirect(paths.root);
    const allowed = methodsAt(app, request.url);
    if (allowed.length > 0) {
      reply.code(405).header('Allow', allowed.join(', ')).type('text/plain');
      return reply.send(`Use ${alternatives(allowed)}.\n`);
    }
    return reply.code(404).type('text/plain').send('Not found.\n');
  });
  scrapeRoutes(app, backend);
  operationRoutes(app, backend);
  const senders = new SenderAuth(logger);
  void app.register(async (routes) => {
    // They read their bodies as they come: a large one is never held as a whole.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    eventRoutes(routes, backend, senders);
    reportRoutes(routes, backend, senders);
    listRoutes(routes, backend);
  });
  leaseRoutes(app, backend);
  machineRoutes(app, backend);
  probeRoutes(app, backend);
  conditionRoutes(app, backend);
  estateRoutes(app, backend);
  keyRoutes(app, backend);
  pageRoutes(app, backend);
  return app;
}

/** The methods that a route without parameters takes; none if there is no such route. */
function methodsAt(app: FastifyInstance, url: string): readonly string[] {
  const [path = ''] = url.split('?', 1);
  return ['GET', 'HEAD', 'POST', 'PUT'].filter((method) => app.hasRoute({ method, url: path }));
}

/** What Fastify finds wrong before there is a route: a malformed URL. */
function frameworkErrors(error: Error & { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .headers(SECURITY_HEADERS)
    .code(error.statusCode ?? 400)
    .type('text/plain')
    .send(`${error.message}\n`);
}

/** What comes in is checked with zod. So that Fastify need not load its compilers of JSON Schema, a hundred modules. */
function noJsonSchema(): never {
  throw new Error('a route has a JSON schema, but there is no compiler for it: check its input with zod');
}
