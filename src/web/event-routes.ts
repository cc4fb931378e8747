import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EventRecord } from '../activations/types.ts';
import type { Intake } from '../ingest/intake.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { bearerToken, unknownToken } from './bearer.ts';
import { later, readBody, type Stop } from './request-body.ts';
import { type Sender, type SenderAuth, UNREADABLE } from './sender-auth.ts';
import type { IngestSettings, WebBackend } from './web-backend.ts';

const EVENTS: RouteDoc = {
  summary: 'Accepts log records of KMS hosts; they are on disk before the response',
  body: {
    'application/json': 'Records in any form listed in docs/event-forms.md, recognised by their content',
    'application/x-ndjson': 'The same, one per line',
    'application/xml': 'Event XML',
    'application/octet-stream': 'A saved log (.evtx)',
  },
  answers: {
    200: jsonAnswer('At least one record was valid', 'events'),
    400: jsonAnswer('No record was valid, or the body was incomplete', 'noEvents'),
  },
};

/** Takes log records in; they are on disk before the answer. */
export function eventRoutes(app: FastifyInstance, backend: WebBackend, senders: SenderAuth): void {
  app.post('/api/v1/events', { config: { ownAuthentication: true, doc: EVENTS } }, async (request, reply) => {
    const settings = backend.ingest();
    const admitted = await admit(senders, settings, request, reply);
    if (!admitted.ok) return admitted.error;
    return ingest(backend, { maxBody: settings.maxBody, objection: admitted.value }, request, reply);
  });
}

/** @returns why a record is not to be taken; undefined for one that is */
type Objection = (record: EventRecord) => string | undefined;

/** @returns what the sender may not send; or the answer to one that may send nothing */
async function admit(
  senders: SenderAuth,
  settings: IngestSettings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Result<Objection, FastifyReply>> {
  if (settings.token === undefined && settings.pushes.length === 0) {
    // Not 403: shippers throw away what is refused for good, and a line of configuration puts this right.
    return err(later(reply, 'ingest is off: set ingest.token_file in the configuration of kmswatch'));
  }
  const sender = await senders.authenticate(bearerToken(request.headers.authorization), settings);
  if (sender.ok) return ok(objectionOf(sender.value, settings));
  // A sender that has not sent its content has no business knowing where the file is.
  if (sender.error === 'unreadable') return err(later(reply, UNREADABLE));
  return err(unknownToken(reply, 'send the ingest token, or the token of the host, as "Authorization: Bearer TOKEN"'));
}

function objectionOf(sender: Sender, { canonicalise }: IngestSettings): Objection {
  if (sender.kind === 'shipper') return () => undefined;
  const { hosts } = sender;
  const own = [...hosts].join(' and ');
  return ({ host }) =>
    hosts.has(canonicalise(host))
      ? undefined
      : `a host can only send its own records: the token belongs to ${own}, but the record is from ${host}; if this is another name of the same host, add it to its aliases`;
}

async function ingest(
  backend: WebBackend,
  { maxBody, objection }: { readonly maxBody: number; readonly objection: Objection },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // Loaded with the first delivery: it knows every form of records.
  const [{ Intake }, { EMPTY_BODY }] = await Promise.all([
    import('../ingest/intake.ts'),
    import('../activations/refusals/refused-form.ts'),
  ]);
  const intake = new Intake(backend.store(), 'http', objection);
  const error = `more than ingest.max_body (${maxBody} bytes): send fewer records at a time`;
  const isRead = await readBody(request, reply, { octets: maxBody, error }, (chunk) => take(intake, chunk));
  if (!isRead) return reply;
  const failure = await intake.end();
  if (failure !== undefined) return later(reply, failure);
  if (intake.isEmpty) return reply.code(400).send({ error: EMPTY_BODY });
  return reply.code(intake.understoodAny ? 200 : 400).send(intake.summary);
}

/** @returns why nothing more of the body is to be read */
async function take(intake: Intake, chunk: Buffer): Promise<Stop | undefined> {
  const error = await intake.push(chunk);
  if (error !== undefined) return { kind: 'later', error };
  return intake.isHopeless ? hopeless(intake) : undefined;
}

/** A sender of millions of records that are none gets its answer before the time of the request is up. */
async function hopeless(intake: Intake): Promise<Stop> {
  const failure = await intake.stop();
  if (failure !== undefined) return { kind: 'later', error: failure };
  const { rejected, rejected_count, accepted, duplicate } = intake.summary;
  const counts = `${rejected_count} records of the body cannot be read, ${accepted + duplicate} were taken`;
  const error = `${counts}, and the rest was not looked at: ${intake.refusal ?? rejected[0]?.reason}`;
  return { kind: 'refused', status: intake.understoodAny ? 413 : 400, answer: { error } };
}
