import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { MAX_SOURCE_BYTES } from '../inventory/limits.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import { VERDICTS } from '../machines/types.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { badRequest } from './bad-request.ts';
import { bearerToken, sameSecret, unknownToken } from './bearer.ts';
import { Duration, Text } from './lease-routes.ts';
import { MACHINES } from './page-access.ts';
import { known, must, oneOf, wholeNumber } from './query.ts';
import { readingJson } from './reading-json.ts';
import { later, readBody } from './request-body.ts';
import type { WebBackend } from './web-backend.ts';

const MAX_LIMIT = 1_000;
const SOURCE = 'http';

export const MachinesQuery = known({
  verdict: oneOf(VERDICTS).optional(),
  silent_for: Duration.optional(),
  client: Text.optional(),
  pinned: oneOf(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  limit: wholeNumber(MAX_LIMIT).optional(),
  cursor: z.string(must('be the next_cursor of a page')).max(1_000).optional(),
});

const LIST: RouteDoc = {
  summary: 'Every machine with its verdict, page by page',
  query: MachinesQuery,
  answers: { 200: jsonAnswer('A page of machines', 'machines') },
};

const TAKE: RouteDoc = {
  summary: 'Accepts a list of machines or of licences as a snapshot of the source http',
  body: {
    'text/csv': 'A list, recognised by its columns; see docs/inventory.md',
    'application/json': 'The same as JSON or NDJSON',
  },
  answers: { 200: jsonAnswer('At least one machine was taken', 'list') },
};

/** Every machine with its verdict, and the lists that say which there are. */
export function machineRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.get('/api/v1/machines', { config: { ...MACHINES, doc: LIST } }, async (request, reply) => {
    const query = MachinesQuery.safeParse(request.query);
    if (!query.success) return badRequest(reply, query.error);
    const page = await backend.store().machines(machineQuery(query.data));
    if (!page.ok) {
      if (page.error.reason === 'bad_query') return reply.code(400).send({ error: page.error.text });
      return later(reply, page.error.text);
    }
    const { machines, next_cursor } = page.value;
    return reply.send({ machines, next_cursor, reading: readingJson(backend) });
  });
}

/** Takes a list of machines in, with its own token. */
export function listRoutes(app: FastifyInstance, backend: WebBackend): void {
  app.post('/api/v1/machines', { config: { ownAuthentication: true, doc: TAKE } }, (request, reply) =>
    take(backend, request, reply),
  );
}

export function machineQuery({ silent_for: silentFor, ...rest }: z.output<typeof MachinesQuery>): MachineQuery {
  return Object.fromEntries(Object.entries({ ...rest, silentFor }).filter(([, value]) => value !== undefined));
}

async function take(backend: WebBackend, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { token, now } = backend.inventory();
  if (token === undefined) return later(reply, 'lists are not taken: set inventory.token_file in the configuration');
  const expected = await token.read();
  if (!expected.ok) return later(reply, 'the token cannot be read: the log of kmswatch says why');
  const given = bearerToken(request.headers.authorization);
  if (given === undefined || !sameSecret(given, expected.value))
    return unknownToken(reply, 'send the inventory token as "Authorization: Bearer TOKEN"');
  const chunks: Buffer[] = [];
  const error = `more than ${MAX_SOURCE_BYTES} bytes: send fewer columns`;
  const isRead = await readBody(request, reply, { octets: MAX_SOURCE_BYTES, error }, async (chunk) => {
    chunks.push(chunk);
    return undefined;
  });
  if (!isRead) return reply;
  const at = now();
  // Loaded with the first list, as most agents never get one.
  const { readList } = await import('../ingest/read-list.ts');
  const read = await readList(backend.store(), SOURCE, Buffer.concat(chunks), { writtenAt: at, now: at });
  if (read.ok) return reply.code(read.value.machines > 0 ? 200 : 400).send(read.value);
  if (read.error.kind === 'store') return later(reply, read.error.failure.text);
  const { reason, remedy } = read.error.refusal;
  return reply.code(400).send({ error: `${reason}: ${remedy}` });
}
