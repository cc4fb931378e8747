import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseDuration } from '../kernel/duration.ts';
import { parseHostName } from '../kernel/host-name.ts';
import { ok } from '../kernel/result.ts';
import { inSeconds } from '../kernel/time.ts';
import { FORECAST_DAYS } from '../leases/forecast.ts';
import { LEASE_CLASSES, LEASE_STATES } from '../leases/types.ts';
import { LEASE_SORTS, type LeaseQuery } from '../store/queries.ts';
import type { Stored } from '../store/store-types.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { badRequest } from './bad-request.ts';
import { forecastJson } from './forecast-json.ts';
import { MACHINES } from './page-access.ts';
import { known, must, oneOf, wholeNumber } from './query.ts';
import { readingJson } from './reading-json.ts';
import type { WebBackend } from './web-backend.ts';

const MAX_LIMIT = 1_000;
const MAX_DAYS = 400;
/** Longer than any name or id in a filter. */
const MAX_TEXT = 256;

export const Text = z
  .string(must(`be 1 to ${MAX_TEXT} characters long`))
  .min(1)
  .max(MAX_TEXT);

export const Duration = z
  .string(must('be a duration such as 30d'))
  .max(MAX_TEXT)
  .transform((text, context) => {
    const duration = parseDuration(text);
    if (duration.ok) return inSeconds(duration.value);
    context.addIssue(`is ${duration.error}`);
    return z.NEVER;
  });

/** In any case, with or without the dot at its end. */
const Host = Text.transform((text, context) => {
  const host = parseHostName(text);
  if (host.ok) return host.value;
  context.addIssue(`is not a host name: ${host.error}`);
  return z.NEVER;
});

export const LeasesQuery = known({
  state: oneOf(LEASE_STATES).optional(),
  within: Duration.optional(),
  silent_for: Duration.optional(),
  product: Text.optional(),
  class: oneOf(LEASE_CLASSES).optional(),
  host: Host.optional(),
  client: Text.optional(),
  duplicate: oneOf(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  sort: oneOf(LEASE_SORTS).optional(),
  order: oneOf(['reverse']).optional(),
  limit: wholeNumber(MAX_LIMIT).optional(),
  cursor: z.string(must('be the next_cursor of a page')).max(1_000).optional(),
});

export const ForecastQuery = known({
  days: wholeNumber(MAX_DAYS).default(FORECAST_DAYS),
  without: z.string(must('be the name of machines, at most 256 characters')).min(1).max(256).optional(),
});

const LEASES: RouteDoc = {
  summary: 'Leases, page by page',
  query: LeasesQuery,
  answers: { 200: jsonAnswer('A page of leases', 'leases') },
};

const FORECAST: RouteDoc = {
  summary: 'The days ahead if no more clients ask, or if these machines do not (`without`, with * for any characters)',
  query: ForecastQuery,
  answers: { 200: jsonAnswer('The forecast', 'forecast') },
};

export function leaseRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/leases', { config: { ...MACHINES, doc: LEASES } }, async (request, reply) => {
    const query = LeasesQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const page = await backend.store().leases(leaseQuery(query.data));
    if (!page.ok) return answer(reply, page);
    const { leases, next_cursor } = page.value;
    return answer(reply, ok({ leases, next_cursor, reading: readingJson(backend) }));
  });
  app.get('/api/v1/forecast', { config: { doc: FORECAST } }, async (request, reply) => {
    const query = ForecastQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const forecast = await backend.store().forecast({ days: query.data.days, without: query.data.without ?? null });
    return answer(
      reply,
      forecast.ok ? ok({ ...forecastJson(forecast.value), reading: readingJson(backend) }) : forecast,
    );
  });
}

export function leaseQuery({
  class: cls,
  silent_for: silentFor,
  order,
  ...rest
}: z.output<typeof LeasesQuery>): LeaseQuery {
  const reverse = order === undefined ? undefined : true;
  return Object.fromEntries(
    Object.entries({ ...rest, cls, silentFor, reverse }).filter(([, value]) => value !== undefined),
  );
}

function answer<T>(reply: FastifyReply, found: Awaited<Stored<T>>): FastifyReply {
  if (found.ok) return reply.send(found.value);
  if (found.error.reason === 'bad_query') return reply.code(400).send({ error: found.error.text });
  return reply.code(503).header('Retry-After', 5).send({ error: found.error.text });
}
