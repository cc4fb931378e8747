import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { csvHead, csvRow } from '../../kernel/csv.ts';
import { FORECAST_DAYS } from '../../leases/forecast.ts';
import { asCsv, csvSeparator, WRONG_SEPARATOR } from '../csv-answer.ts';
import { forecastJson } from '../forecast-json.ts';
import { PAGE, pageFile } from '../page-access.ts';
import type { WebBackend } from '../web-backend.ts';
import { forecastMain } from './forecast-page.ts';
import { sendPage } from './send-page.ts';
import { readingPart } from './still-reading.ts';

const Asked = z.object({ without: z.string().min(1).max(256).optional() });

const FIELDS = ['host', 'class', 'pool', 'count', 'threshold', 'counted_in_30_days', 'breach', 'leases_that_end'];

export function forecastRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/forecast', { config: PAGE }, async (request, reply) => {
    const without = wantedOf(request);
    const found = await backend.store().forecast({ days: FORECAST_DAYS, without: without ?? null });
    const main = forecastMain(without, found.ok ? found.value : found.error.text, readingPart(backend));
    const page = { title: 'Forecast', at: 'forecast', main, version: backend.version } as const;
    return sendPage(found.ok ? reply : reply.code(503).header('Retry-After', 5), page);
  });
  app.get('/forecast.csv', { config: pageFile('Counts and breach times', 'text/csv') }, async (request, reply) => {
    const separator = csvSeparator(request);
    if (separator === undefined) return reply.code(400).send({ error: WRONG_SEPARATOR });
    const found = await backend.store().forecast({ days: FORECAST_DAYS, without: wantedOf(request) ?? null });
    if (!found.ok) return reply.code(503).header('Retry-After', 5).send({ error: found.error.text });
    const rows = forecastJson(found.value).hosts.map(
      ({ host, class: cls, pool, count, threshold, census, breach, ends }) =>
        csvRow(
          [host, cls, pool, count, threshold, census?.[30] ?? null, breach, ends.reduce((sum, each) => sum + each, 0)],
          separator,
        ),
    );
    return asCsv(reply, 'forecast.csv').send(`${csvHead(FIELDS, separator)}${rows.join('')}`);
  });
}

/** A page shows all that fits, whatever else is in its address. */
function wantedOf({ query }: FastifyRequest): string | undefined {
  return Asked.safeParse(query).data?.without;
}
