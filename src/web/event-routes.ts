import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { EventRecord } from '../activations/types.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { Intake } from '../store/intake.ts';
import { jsonAnswer, type RouteDoc } from './api/route-doc.ts';
import { EventsAnswer, NoEventsAnswer } from './api/schemas.ts';
import { bearerToken, unknownToken } from './bearer.ts';
import { brokeOff, later, openBody, saysTooLarge, strangeEncoding, tooLarge } from './request-body.ts';
import { type Speaker, type Speakers, UNREADABLE } from './speakers.ts';
import type { IngestSettings, WebSource } from './web-source.ts';

const EMPTY = 'the body has no log record: send one or more, in any form of docs/event-forms.md';

const EVENTS: RouteDoc = {
  summary: 'Takes log records of KMS hosts in; they are on disk before the answer',
  body: {
    'application/json': 'Records in any of the forms that docs/event-forms.md lists, told apart by their content',
    'application/x-ndjson': 'The same, one a line',
    'application/xml': 'Event XML',
    'application/octet-stream': 'A saved log (.evtx)',
  },
  answers: {
    200: jsonAnswer('At least one record was understood', EventsAnswer),
    400: jsonAnswer('None was understood, or the body broke off', NoEventsAnswer),
  },
};

/** Takes log records in; they are on disk before the answer. */
export function eventRoutes(app: FastifyInstance, source: WebSource, speakers: Speakers): void {
  void app.register(async (routes) => {
    // The body is read as it comes: a large one is never held as a whole.
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    routes.post('/api/v1/events', { config: { ownAuthentication: true, doc: EVENTS } }, async (request, reply) => {
      const settings = source.ingest();
      const admitted = await admit(speakers, settings, request, reply);
      if (!admitted.ok) return admitted.error;
      return takeIn(source, { maxBody: settings.maxBody, objection: admitted.value }, request, reply);
    });
  });
}

/** @returns why a record is not to be taken; undefined for one that is */
type Objection = (record: EventRecord) => string | undefined;

/** @returns what the sender may not send; or the answer to one that may send nothing */
async function admit(
  speakers: Speakers,
  settings: IngestSettings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Result<Objection, FastifyReply>> {
  if (settings.token === undefined && settings.pushes.length === 0) {
    // Not 403: shippers throw away what is refused for good, and this is mended by a line of configuration.
    return err(later(reply, 'taking events in is off: set ingest.token_file in the configuration of kmswatch'));
  }
  const speaker = await speakers.find(bearerToken(request.headers.authorization), settings);
  if (speaker.ok) return ok(objectionOf(speaker.value, settings));
  // Where the file stands is nobody's business who has not sent its content.
  if (speaker.error === 'unreadable') return err(later(reply, UNREADABLE));
  return err(unknownToken(reply, 'send the token of ingest, or of the host, as "Authorization: Bearer TOKEN"'));
}

function objectionOf(speaker: Speaker, { fold }: IngestSettings): Objection {
  if (speaker.kind === 'shipper') return () => undefined;
  const { hosts } = speaker;
  const own = [...hosts].join(' and ');
  return ({ host }) =>
    hosts.has(fold(host))
      ? undefined
      : `a host can only speak for itself: the token is that of ${own}, the record is of ${host}; if that is another name of it, add it to its aliases`;
}

async function takeIn(
  source: WebSource,
  { maxBody, objection }: { readonly maxBody: number; readonly objection: Objection },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const octets = openBody(request);
  if (octets === undefined) return strangeEncoding(reply);
  const longer = `more than ingest.max_body, ${maxBody} octets: send fewer records at a time`;
  if (saysTooLarge(request, maxBody)) return tooLarge(request, reply, longer);
  const intake = new Intake(source.store(), 'http', objection);
  let size = 0;
  try {
    // Not destroyed at an early end: the connection has to carry the answer.
    for await (const chunk of octets.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBody) return tooLarge(request, reply, longer);
      const failure = await intake.push(chunk);
      if (failure !== undefined) return later(reply, failure);
    }
  } catch (error) {
    return brokeOff(reply, error);
  }
  const failure = await intake.end();
  if (failure !== undefined) return later(reply, failure);
  if (intake.isEmpty) return reply.code(400).send({ error: EMPTY });
  return reply.code(intake.understoodAny ? 200 : 400).send(intake.summary);
}
