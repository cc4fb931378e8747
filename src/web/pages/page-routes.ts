import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { plainName } from '../../inventory/name.ts';
import { inSeconds, seconds } from '../../kernel/time.ts';
import { FORECAST_DAYS } from '../../leases/forecast.ts';
import { type Html, html } from '../html.ts';
import { PAGE, PUBLIC_PAGE, pageAccess, publicFile } from '../page-access.ts';
import { wayUp } from '../public-paths.ts';
import type { WebBackend } from '../web-backend.ts';
import { ASSETS } from './assets.ts';
import { clientMain } from './client/client-page.ts';
import { cloneRoutes } from './clones/clone-routes.ts';
import { forecastRoutes } from './forecast-routes.ts';
import { leasePages } from './leases/lease-page-routes.ts';
import { machinePages } from './machines/machine-page-routes.ts';
import { OverviewCache } from './overview-cache.ts';
import { reportPages } from './report/report-routes.ts';
import { runbookMain, runbooksMain } from './runbook-page.ts';
import { sendPage } from './send-page.ts';
import { statusMain } from './status/status-page.ts';
import type { StatusSnapshot } from './status/status-snapshot.ts';
import { verdictOf } from './status/verdict.ts';

/** What people look at. */
export function pageRoutes(app: FastifyInstance, backend: WebBackend): void {
  const cache = new OverviewCache(() => backend.overview(FORECAST_DAYS));
  statusRoute(app, backend, cache);
  leasePages(app, backend, cache);
  machinePages(app, backend);
  cloneRoutes(app, backend);
  forecastRoutes(app, backend);
  reportPages(app, backend);
  clientRoute(app, backend);
  runbookRoutes(app, backend);
  assetRoutes(app);
}

function statusRoute(app: FastifyInstance, backend: WebBackend, cache: OverviewCache): void {
  app.get('/', { config: PAGE }, async (_request, reply) => {
    const [overview] = await Promise.all([cache.read(), backend.count()]);
    const estate = backend.estate();
    const snapshot: StatusSnapshot = {
      estate,
      logs: backend.logs(),
      conditions: backend.conditions(),
      leaseSettings: backend.leaseSettings(),
      overview: overview.ok ? overview.value : overview.error.text,
      isReady: backend.ready(),
      now: inSeconds(estate.at),
    };
    const { title } = verdictOf(snapshot);
    return sendPage(reply, { title, at: 'status', main: statusMain(snapshot), live: true, version: backend.version });
  });
}

function clientRoute(app: FastifyInstance, backend: WebBackend): void {
  const { version } = backend;
  // The rest of the path, as a name may be longer than a parameter can be.
  app.get<{ Params: { '*': string } }>('/clients/*', { config: PAGE }, async (request, reply) => {
    const asked = plainName(request.params['*'].trim());
    if (asked === '') return reply.redirect(`${wayUp(request.url)}leases`);
    const [told, found] = await Promise.all([
      backend.store().explain(asked),
      backend.store().machines({ name: asked, limit: 1, atOnce: true }),
    ]);
    const machine = found.ok ? found.value.machines[0] : undefined;
    const isComparing = !found.ok && found.error.reason === 'comparing';
    if (!told.ok) {
      const main = html`<h1><bdi>${asked}</bdi></h1><p class="error" role="alert">${told.error.text}</p>`;
      return sendPage(reply.code(503).header('Retry-After', 5), { title: asked, at: undefined, main, version });
    }
    const main = clientMain({
      story: told.value,
      machine,
      comparing: isComparing ? found.error.text : undefined,
      settings: backend.leaseSettings(),
      domains: backend.estate().domains.map(({ name }) => name),
      now: seconds(Math.floor(backend.logs().now)),
    });
    // While a list may still have it, nobody can say that it is unknown.
    if (told.value.kind === 'unseen' && isComparing) reply.code(503).header('Retry-After', 5);
    else if (told.value.kind === 'unseen' && machine === undefined) reply.code(404);
    return sendPage(reply, { title: asked, at: undefined, main, version });
  });
}

function runbookRoutes(app: FastifyInstance, backend: WebBackend): void {
  const send = (request: FastifyRequest, reply: FastifyReply, title: string, main: Html): FastifyReply => {
    const isAlone = pageAccess(request, backend.access()) !== 'open';
    return sendPage(reply, { title, at: 'runbooks', main, isAlone, version: backend.version });
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
