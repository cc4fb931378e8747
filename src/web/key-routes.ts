import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CsvSeparator, csvHead, csvRow } from '../kernel/csv.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { keysJson } from '../products/key-json.ts';
import { type KeysAndProducts, type KeyTableRow, keyTable } from '../products/key-table.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { badRequest } from './bad-request.ts';
import { asCsv, csvSeparator, WRONG_SEPARATOR } from './csv-answer.ts';
import { PAGE, pageFile } from './page-access.ts';
import { keysMain } from './pages/keys-page.ts';
import { sendPage } from './pages/send-page.ts';
import { readingPart } from './pages/still-reading.ts';
import { known, must } from './query.ts';
import { readingJson } from './reading-json.ts';
import type { WebBackend } from './web-backend.ts';

const KeysQuery = known({ product: z.string(must('be at most 256 characters long')).max(256).optional() });

const PageQuery = z.object(KeysQuery.shape);

const KEYS: RouteDoc = {
  summary: 'Hosts against products: which KMS host key each product needs, and which hosts have it or can take it',
  query: KeysQuery,
  answers: { 200: jsonAnswer('Products asked for in the last 30 days, or those that match', 'keys') },
};

interface Found {
  readonly known: KeysAndProducts;
  readonly rows: readonly KeyTableRow[];
}

export function keyRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/keys', { config: { doc: KEYS } }, async (request, reply) => {
    const query = KeysQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const found = await find(backend, query.data.product);
    if (!found.ok) return unavailable(reply, found.error);
    return reply.send({ ...keysJson(found.value.known, found.value.rows), reading: readingJson(backend) });
  });
  app.get('/keys', { config: PAGE }, async (request, reply) => {
    const wanted = wantedOf(request);
    const found = await find(backend, wanted);
    const main = keysMain(wanted, found.ok ? found.value : found.error, readingPart(backend));
    const page = { title: 'Host keys', at: 'keys', main, version: backend.version } as const;
    return sendPage(found.ok ? reply : reply.code(503).header('Retry-After', 5), page);
  });
  app.get('/keys.csv', { config: pageFile('Hosts against products', 'text/csv') }, async (request, reply) => {
    const separator = csvSeparator(request);
    if (separator === undefined) return reply.code(400).send({ error: WRONG_SEPARATOR });
    const found = await find(backend, wantedOf(request));
    if (!found.ok) return unavailable(reply, found.error);
    return asCsv(reply, 'keys.csv').send(keysCsv(found.value, separator));
  });
}

async function find(backend: WebBackend, wanted: string | undefined): Promise<Result<Found, string>> {
  const keys = await backend.store().keys();
  return keys.ok ? ok({ known: keys.value, rows: keyTable(keys.value, wanted) }) : err(keys.error.text);
}

/** A page shows all that fits, whatever else is in its address. */
function wantedOf({ query }: FastifyRequest): string | undefined {
  const asked = PageQuery.safeParse(query);
  return asked.success && asked.data.product !== '' ? asked.data.product : undefined;
}

function unavailable(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(503).header('Retry-After', 5).send({ error });
}

function keysCsv({ known, rows }: Found, separator: CsvSeparator): string {
  const lines = keysJson(known, rows).products.flatMap(({ product, activation_id, asked, note, hosts }) =>
    hosts.map(({ host, coverage, needs, can_hold, update, pack, text }) =>
      csvRow(
        [product, activation_id, asked, host, coverage, needs?.name ?? null, can_hold, update, pack, note ?? text],
        separator,
      ),
    ),
  );
  return `${csvHead(CSV_FIELDS, separator)}${lines.join('')}`;
}

const CSV_FIELDS = [
  'product',
  'activation_id',
  'asked',
  'host',
  'coverage',
  'needs',
  'can_hold',
  'update',
  'pack',
  'text',
];
