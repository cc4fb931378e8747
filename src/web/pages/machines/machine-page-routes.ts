import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CsvSeparator } from '../../../kernel/csv.ts';
import { err, ok, type Result } from '../../../kernel/result.ts';
import { machineCsvHead, machineCsvRow } from '../../../machines/machine-csv.ts';
import type { MachineQuery } from '../../../machines/machine-query.ts';
import type { StoreAccess } from '../../../store/store-types.ts';
import { asCsv, csvSeparator, WITH_HEAD, WRONG_SEPARATOR } from '../../csv-answer.ts';
import { MachinesQuery, machineQuery } from '../../machine-routes.ts';
import { PAGE, pageFile } from '../../page-access.ts';
import type { WebBackend } from '../../web-backend.ts';
import { sendPage } from '../send-page.ts';
import { readingPart } from '../still-reading.ts';
import { type Asked, machinesMain } from './machines-page.ts';

/** Machines that are read at once for the CSV. */
const ROWS = 1000;

const Parameters = z.record(z.string(), z.string());

export function machinePages(app: FastifyInstance, backend: WebBackend): void {
  app.get('/machines', { config: PAGE }, async (request, reply) => {
    const { asked, query } = askedOf(request);
    const found = query.ok
      ? await backend.store().machines({ ...query.value, atOnce: true })
      : err({ reason: 'bad_query', text: query.error });
    if (!found.ok && found.error.reason === 'bad_query') reply.code(400);
    else if (!found.ok) reply.code(503).header('Retry-After', 5);
    const main = machinesMain(asked, found.ok ? found.value : found.error.text, readingPart(backend));
    return sendPage(reply, { title: 'Machines', at: 'machines', main, version: backend.version });
  });
  app.route({
    method: WITH_HEAD,
    url: '/machines.csv',
    config: pageFile('All matching machines', 'text/csv'),
    handler: (request, reply) => sendCsv(backend, request, reply),
  });
}

async function sendCsv(backend: WebBackend, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { query } = askedOf(request);
  const separator = csvSeparator(request);
  if (!query.ok) return reply.code(400).type('text/plain').send(`${query.error}\n`);
  if (separator === undefined) return reply.code(400).type('text/plain').send(`${WRONG_SEPARATOR}\n`);
  if (request.method === 'HEAD') return asCsv(reply, 'machines.csv').send();
  return asCsv(reply, 'machines.csv').send(
    Readable.from(lines(backend.store(), query.value, separator), { objectMode: false }),
  );
}

/** Page by page as they are taken; a store that fails midway breaks it off, and it shows. @yields text */
async function* lines(store: StoreAccess, query: MachineQuery, separator: CsvSeparator): AsyncGenerator<string> {
  yield machineCsvHead(separator);
  let cursor: string | null = query.cursor ?? null;
  do {
    const page = await store.machines({ ...query, limit: ROWS, ...(cursor !== null && { cursor }) });
    if (!page.ok) throw new Error(page.error.text);
    yield page.value.machines.map((machine) => machineCsvRow(machine, separator)).join('');
    cursor = page.value.next_cursor;
  } while (cursor !== null);
}

/** A form also sends empty fields, which do not filter. */
function askedOf({ query: given }: FastifyRequest): {
  readonly asked: Asked;
  readonly query: Result<MachineQuery, string>;
} {
  const parameters = Parameters.safeParse(given);
  if (!parameters.success) return { asked: {}, query: err('A parameter is given twice.') };
  const { separator: _, ...filled } = Object.fromEntries(
    Object.entries(parameters.data).filter(([, value]) => value !== ''),
  );
  const query = MachinesQuery.safeParse(filled);
  if (query.success) return { asked: filled, query: ok(machineQuery(query.data)) };
  const mistakes = query.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  return { asked: filled, query: err(mistakes.join('; ')) };
}
