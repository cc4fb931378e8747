import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Html, html } from '../html.ts';
import { PAGE, PUBLIC_PAGE, pageAccess, publicFile } from '../page-access.ts';
import type { WebSource } from '../web-source.ts';
import { ASSETS } from './assets.ts';
import { clientMain } from './client/client-page.ts';
import { leasePages } from './leases/lease-page-routes.ts';
import { OVERVIEW_DAYS, OverviewCache } from './overview-cache.ts';
import { runbookMain, runbooksMain } from './runbook-page.ts';
import { sendPage } from './send-page.ts';
import type { StatusFacts } from './status/facts.ts';
import { statusMain } from './status/status-page.ts';
import { verdictOf } from './status/verdict.ts';

/** What people look at. */
export function pageRoutes(app: FastifyInstance, source: WebSource): void {
  const cache = new OverviewCache(() => source.overview(OVERVIEW_DAYS));
  statusRoute(app, source, cache);
  leasePages(app, source, cache);
  clientRoute(app, source);
  runbookRoutes(app, source);
  assetRoutes(app);
}

function statusRoute(app: FastifyInstance, source: WebSource, cache: OverviewCache): void {
  app.get('/', { config: PAGE }, async (_request, reply) => {
    const overview = await cache.read();
    const estate = source.estate();
    const facts: StatusFacts = {
      estate,
      records: source.records(),
      conditions: source.conditions(),
      leaseSettings: source.leaseSettings(),
      overview: overview.ok ? overview.value : overview.error.text,
      isReady: source.ready(),
      now: estate.at / 1000,
    };
    const { title } = verdictOf(facts);
    return sendPage(reply, { title, at: 'status', main: statusMain(facts), live: true, version: source.version });
  });
}

function clientRoute(app: FastifyInstance, source: WebSource): void {
  const { version } = source;
  // The rest of the path, as a name may be longer than a parameter can be.
  app.get<{ Params: { '*': string } }>('/clients/*', { config: PAGE }, async (request, reply) => {
    const asked = request.params['*'].trim();
    if (asked === '') return reply.redirect('/leases');
    const told = await source.store().explain(asked);
    if (!told.ok) {
      const main = html`<h1><bdi>${asked}</bdi></h1><p class="error" role="alert">${told.error.text}</p>`;
      return sendPage(reply.code(503).header('Retry-After', 5), { title: asked, at: undefined, main, version });
    }
    const main = clientMain({
      story: told.value,
      settings: source.leaseSettings(),
      domains: source.estate().domains.map(({ name }) => name),
      now: Math.floor(source.records().now),
    });
    return sendPage(reply.code(told.value.kind === 'seen' ? 200 : 404), { title: asked, at: undefined, main, version });
  });
}

function runbookRoutes(app: FastifyInstance, source: WebSource): void {
  const send = (request: FastifyRequest, reply: FastifyReply, title: string, main: Html): FastifyReply => {
    const isAlone = pageAccess(request, source.access()) !== 'open';
    return sendPage(reply, { title, at: 'runbooks', main, isAlone, version: source.version });
  };
  app.get('/runbooks', { config: PUBLIC_PAGE }, async (request, reply) =>
    send(request, reply, 'Runbooks', runbooksMain()),
  );
  app.get<{ Params: { name: string } }>('/runbooks/:name', { config: PUBLIC_PAGE }, async (request, reply) => {
    const { name } = request.params;
    const main = runbookMain(name);
    if (main !== undefined) return send(request, reply, name, main);
    const none = html`<h1>No such runbook</h1><p>No condition is called <bdi>${name}</bdi>. <a href="/runbooks">All runbooks</a></p>`;
    return send(request, reply.code(404), 'No such runbook', none);
  });
}

/** Their names change with their content, so that a browser may keep them. */
function assetRoutes(app: FastifyInstance): void {
  for (const { path, type, text } of ASSETS) {
    const config = publicFile('A file of the pages', type.split(';')[0] ?? type);
    app.get(path, { config }, async (_request, reply) =>
      reply.type(type).header('Cache-Control', 'private, max-age=31536000, immutable').send(text),
    );
  }
}
