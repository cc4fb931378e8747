import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { alternatives, found } from '../config/expect.ts';
import { parseDuration } from '../kernel/duration.ts';
import { ok } from '../kernel/result.ts';
import { LEASE_STATES } from '../leases/types.ts';
import { type Forecast, LEASE_SORTS, type LeaseQuery } from '../store/queries.ts';
import type { Stored } from '../store/store-types.ts';
import type { WebSource } from './web-source.ts';

const MAX_LIMIT = 1_000;
const MAX_DAYS = 400;
const DEFAULT_DAYS = 180;
/** Longer than any name or id in a filter. */
const MAX_TEXT = 256;

const Text = z
  .string(must(`be a text of 1 to ${MAX_TEXT} characters`))
  .min(1)
  .max(MAX_TEXT);

const Within = z.string(must('be a duration such as 30d')).transform((text, context) => {
  const duration = parseDuration(text);
  if (duration.ok) return duration.value / 1000;
  context.addIssue(`is no duration: ${duration.error}`);
  return z.NEVER;
});

export const LeasesQuery = known({
  state: oneOf(LEASE_STATES).optional(),
  within: Within.optional(),
  product: Text.optional(),
  class: oneOf(['client', 'server', 'office', 'unknown']).optional(),
  host: Text.optional(),
  client: Text.optional(),
  sort: oneOf(LEASE_SORTS).optional(),
  limit: wholeNumber(MAX_LIMIT).optional(),
  cursor: z.string(must('be the next_cursor of a page')).max(1_000).optional(),
});

const ForecastQuery = known({ days: wholeNumber(MAX_DAYS).default(DEFAULT_DAYS) });

/** What is said of a value that is not as it has to be, after the name of its parameter. */
function must(be: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `must ${be}, is ${found(input)}` };
}

function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, must(`be ${alternatives(words)}`));
}

function wholeNumber(most: number) {
  const error = must(`be a whole number from 1 to ${most}`);
  return z
    .string(error)
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .pipe(z.int().min(1, error).max(most, error));
}

function known<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code, keys = [] }: { code?: string; keys?: string[] }) =>
      code === 'unrecognized_keys'
        ? `there is no parameter ${keys.map(found).join(', ')}: known are ${names}`
        : undefined,
  });
}

export function leaseRoutes(app: FastifyInstance, source: WebSource): void {
  app.get('/api/v1/leases', async (request, reply) => {
    const query = LeasesQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    return answer(reply, await source.store().leases(leaseQuery(query.data)));
  });
  app.get('/api/v1/forecast', async (request, reply) => {
    const query = ForecastQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const forecast = await source.store().forecast(query.data.days);
    return answer(reply, forecast.ok ? ok(forecastJson(forecast.value)) : forecast);
  });
}

/** `census[0]` is now, `census[n]` is n days ahead; `ends[n - 1]` are the leases that end within the n-th day. */
function forecastJson({ asOf, days, hosts }: Forecast) {
  return {
    as_of: new Date(asOf * 1000).toISOString().replace('.000Z', 'Z'),
    days,
    hosts: hosts.map(({ host, cls, pool, census, ends }) => ({ host, class: cls, pool, census, ends })),
  };
}

export function leaseQuery({ class: cls, ...rest }: z.output<typeof LeasesQuery>): LeaseQuery {
  return Object.fromEntries(Object.entries({ ...rest, cls }).filter(([, value]) => value !== undefined));
}

/** Every mistake, each with its parameter. */
function badRequest(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const mistakes = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')} ${message}`,
  );
  return reply.code(400).send({ error: mistakes.join('; ') });
}

function answer<T>(reply: FastifyReply, found: Awaited<Stored<T>>): FastifyReply {
  if (found.ok) return reply.send(found.value);
  if (found.error.reason === 'bad_query') return reply.code(400).send({ error: found.error.text });
  return reply.code(503).header('Retry-After', 5).send({ error: found.error.text });
}
