import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseDuration } from '../kernel/duration.ts';
import { ok } from '../kernel/result.ts';
import { inSeconds, rfc3339OfSeconds } from '../kernel/time.ts';
import { LEASE_STATES } from '../leases/types.ts';
import { type Forecast, LEASE_SORTS, type LeaseQuery } from '../store/queries.ts';
import type { Stored } from '../store/store-types.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { ForecastAnswer, LEASE_CLASSES, LeasesAnswer } from './api/schemas.ts';
import { badRequest } from './bad-request.ts';
import { MACHINES } from './page-access.ts';
import { known, must, oneOf, wholeNumber } from './query.ts';
import type { WebBackend } from './web-backend.ts';

const MAX_LIMIT = 1_000;
const MAX_DAYS = 400;
const DEFAULT_DAYS = 180;
/** Longer than any name or id in a filter. */
const MAX_TEXT = 256;

const Text = z
  .string(must(`be 1 to ${MAX_TEXT} characters long`))
  .min(1)
  .max(MAX_TEXT);

const Within = z
  .string(must('be a duration such as 30d'))
  .max(MAX_TEXT)
  .transform((text, context) => {
    const duration = parseDuration(text);
    if (duration.ok) return inSeconds(duration.value);
    context.addIssue(`is not a duration: ${duration.error}`);
    return z.NEVER;
  });

export const LeasesQuery = known({
  state: oneOf(LEASE_STATES).optional(),
  within: Within.optional(),
  product: Text.optional(),
  class: oneOf(LEASE_CLASSES).optional(),
  host: Text.optional(),
  client: Text.optional(),
  sort: oneOf(LEASE_SORTS).optional(),
  limit: wholeNumber(MAX_LIMIT).optional(),
  cursor: z.string(must('be the next_cursor of a page')).max(1_000).optional(),
});

const ForecastQuery = known({ days: wholeNumber(MAX_DAYS).default(DEFAULT_DAYS) });

const LEASES: RouteDoc = {
  summary: 'Leases, page by page',
  query: LeasesQuery,
  answers: { 200: jsonAnswer('A page of leases', LeasesAnswer) },
};

const FORECAST: RouteDoc = {
  summary: 'The days ahead if no more clients ask',
  query: ForecastQuery,
  answers: { 200: jsonAnswer('The forecast', ForecastAnswer) },
};

export function leaseRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/leases', { config: { ...MACHINES, doc: LEASES } }, async (request, reply) => {
    const query = LeasesQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const page = await backend.store().leases(leaseQuery(query.data));
    return answer(reply, page.ok ? ok({ leases: page.value.leases, next_cursor: page.value.next_cursor }) : page);
  });
  app.get('/api/v1/forecast', { config: { doc: FORECAST } }, async (request, reply) => {
    const query = ForecastQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const forecast = await backend.store().forecast(query.data.days);
    return answer(reply, forecast.ok ? ok(forecastJson(forecast.value)) : forecast);
  });
}

/** `census[0]` is now, `census[n]` is n days ahead; `ends[n - 1]` are the leases that end within the n-th day. */
function forecastJson({ asOf, days, hosts }: Forecast) {
  return {
    as_of: rfc3339OfSeconds(asOf),
    days,
    hosts: hosts.map(({ host, cls, pool, census, ends }) => ({ host, class: cls, pool, census, ends })),
  };
}

export function leaseQuery({ class: cls, ...rest }: z.output<typeof LeasesQuery>): LeaseQuery {
  return Object.fromEntries(Object.entries({ ...rest, cls }).filter(([, value]) => value !== undefined));
}

function answer<T>(reply: FastifyReply, found: Awaited<Stored<T>>): FastifyReply {
  if (found.ok) return reply.send(found.value);
  if (found.error.reason === 'bad_query') return reply.code(400).send({ error: found.error.text });
  return reply.code(503).header('Retry-After', 5).send({ error: found.error.text });
}
