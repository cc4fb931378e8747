import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostsReading } from '../../../estate/log-reading.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import type { LeasePage, LeaseQuery } from '../../../store/queries.ts';
import type { Stored } from '../../../store/store-types.ts';
import { asCsv, csvSeparator, WITH_HEAD, WRONG_SEPARATOR } from '../../csv-answer.ts';
import { LeasesQuery, leaseQuery } from '../../lease-routes.ts';
import { PAGE, pageFile } from '../../page-access.ts';
import type { WebBackend } from '../../web-backend.ts';
import type { OverviewCache } from '../overview-cache.ts';
import { sendPage } from '../send-page.ts';
import { askedOf, type Choices } from './filters.ts';
import { firstOfCsv, leaseCsv } from './lease-csv.ts';
import { leasesMain } from './leases-page.ts';

/** Exports at a time: each keeps the reader of the store busy for as long as its client takes it. */
const MAX_EXPORTS = 8;

/** What could not be found, with its status. */
interface Failed {
  readonly status: 400 | 503;
  readonly text: string;
}

export function leasePages(app: FastifyInstance, backend: WebBackend, cache: OverviewCache): void {
  app.get('/leases', { config: PAGE }, async (request, reply) => {
    const query = queryOf(request);
    const [found, choices] = await Promise.all([
      query.ok ? whatFits(backend.store().leases(query.value)) : query,
      choicesOf(backend, cache),
    ]);
    const logs = backend.logs();
    const main = leasesMain({
      asked: askedOf(request.query) ?? {},
      choices,
      found: found.ok ? found.value : found.error.text,
      reading: hostsReading(logs),
      now: logs.now,
    });
    return sendPage(statusOf(reply, found), { title: 'Leases', at: 'leases', main, version: backend.version });
  });
  const send = exporter(backend);
  app.route({
    method: WITH_HEAD,
    url: '/leases.csv',
    config: pageFile('All matching leases', 'text/csv'),
    handler: (request, reply) => send(request, reply, 'leases.csv'),
  });
  app.route({
    method: WITH_HEAD,
    url: '/clones.csv',
    config: pageFile('All leases of shared client ids', 'text/csv'),
    handler: (request, reply) => send(request, reply, 'clones.csv', { duplicate: true, sort: 'client' }),
  });
}

/** Sends leases as CSV, to few who ask at a time. @param only what is asked for beside the parameters */
function exporter(backend: WebBackend) {
  let exports = 0;
  return async (request: FastifyRequest, reply: FastifyReply, name: string, only: LeaseQuery = {}) => {
    const query = queryOf(request);
    const separator = csvSeparator(request);
    if (!query.ok) return refuse(reply, query.error);
    if (separator === undefined) return refuse(reply, { status: 400, text: WRONG_SEPARATOR });
    if (request.method === 'HEAD') return asCsv(reply, name).send();
    if (exports >= MAX_EXPORTS)
      return refuse(reply, {
        status: 503,
        text: `${MAX_EXPORTS} exports are running: try again when one has finished.`,
      });
    exports += 1;
    reply.raw.once('close', () => {
      exports -= 1;
    });
    const asked = { ...query.value, ...only };
    const found = await whatFits(firstOfCsv(backend.store(), asked));
    if (!found.ok) return refuse(reply, found.error);
    return asCsv(reply, name).send(leaseCsv(backend.store(), asked, found.value, separator));
  };
}

function queryOf(request: FastifyRequest): Result<LeaseQuery, Failed> {
  const given = askedOf(request.query);
  if (given === undefined) return err({ status: 400, text: 'A parameter is given twice.' });
  const { separator: _, ...asked } = given;
  const query = LeasesQuery.safeParse(asked);
  if (query.success) return ok(leaseQuery(query.data));
  const mistakes = query.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  return err({ status: 400, text: mistakes.join('; ') });
}

async function whatFits(asked: Stored<LeasePage>): Promise<Result<LeasePage, Failed>> {
  const found = await asked;
  if (found.ok) return found;
  return err({ status: found.error.reason === 'bad_query' ? 400 : 503, text: found.error.text });
}

function statusOf(reply: FastifyReply, found: Result<LeasePage, Failed>): FastifyReply {
  if (found.ok) return reply;
  if (found.error.status === 503) reply.header('Retry-After', 5);
  return reply.code(found.error.status);
}

function refuse(reply: FastifyReply, failed: Failed): FastifyReply {
  return statusOf(reply, err(failed)).type('text/plain').send(`${failed.text}\n`);
}

/** Without them the filters still work, by the address. */
async function choicesOf(backend: WebBackend, cache: OverviewCache): Promise<Choices> {
  const [overview] = await Promise.all([cache.read(), backend.count()]);
  const hosts = (backend.logs().aggregates?.hosts ?? []).map(({ host }) => host).sort();
  return { hosts, products: overview.ok ? overview.value.products : [] };
}
