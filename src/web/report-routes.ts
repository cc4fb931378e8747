import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseHostName } from '../kernel/host-name.ts';
import { MAX_REPORT_OCTETS } from '../reports/parse-report.ts';
import { bearerToken, unknownToken } from './bearer.ts';
import { later, readBody } from './request-body.ts';
import { type Speakers, UNREADABLE } from './speakers.ts';
import type { IngestSettings, WebSource } from './web-source.ts';

const config: FastifyContextConfig = {
  ownAuthentication: true,
  doc: {
    summary: 'Takes what a host says of itself',
    params: z.object({ host: z.string().describe('Any name of the host') }),
    body: { 'application/json': 'A report, with the names of the WMI properties' },
    answers: { 204: { description: 'It was taken' } },
  },
};

/** Takes what a host says of itself, with the token of that host alone. */
export function reportRoutes(app: FastifyInstance, source: WebSource, speakers: Speakers): void {
  void app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    routes.post<{ Params: { host: string } }>('/api/v1/reports/:host', { config }, async (request, reply) => {
      const settings = source.ingest();
      const host = hostOf(request.params.host, settings);
      const refusal = await refuse(speakers, settings, host, request, reply);
      return refusal ?? takeIn(source, { host, maxBody: settings.maxBody }, request, reply);
    });
  });
}

/** By any of its names; a text that is no name is that of no host. */
function hostOf(text: string, { fold }: IngestSettings): string {
  const name = parseHostName(text);
  return name.ok ? fold(name.value) : '';
}

/**
 * Which hosts there are and which of them push is told only to who has a token of this agent.
 * @returns the answer to a sender that may not speak for the host; undefined for the host itself
 */
async function refuse(
  speakers: Speakers,
  settings: IngestSettings,
  host: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const speaker = await speakers.find(bearerToken(request.headers.authorization), settings);
  if (!speaker.ok) {
    if (speaker.error === 'unreadable') return later(reply, UNREADABLE);
    return unknownToken(reply, 'send the token of the host as "Authorization: Bearer TOKEN"');
  }
  if (!settings.pushes.some((push) => push.host === host)) {
    return reply.code(404).send({ error: 'no host of this name has report.push in the configuration of kmswatch' });
  }
  if (speaker.value.kind === 'hosts' && speaker.value.hosts.has(host)) return undefined;
  const whose = speaker.value.kind === 'shipper' ? 'of ingest' : `of ${[...speaker.value.hosts].join(' and ')}`;
  return reply.code(403).send({ error: `a host can only speak for itself: the token is that ${whose}` });
}

async function takeIn(
  source: WebSource,
  { host, maxBody }: { readonly host: string; readonly maxBody: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const octets = Math.min(maxBody, MAX_REPORT_OCTETS);
  const chunks: Buffer[] = [];
  const limit = { octets, error: `a report has at most ${octets} octets` };
  const unread = await readBody(request, reply, limit, (chunk) => void chunks.push(chunk));
  if (unread !== undefined) return unread;
  const report = source.readReport(Buffer.concat(chunks));
  if (!report.ok) return reply.code(400).send({ error: report.error });
  const taken = await source.takeReport(host, report.value);
  if (taken.ok) return reply.code(204).send();
  return taken.error.reason === 'dated_ahead'
    ? reply.code(400).send({ error: taken.error.text })
    : later(reply, taken.error.text);
}
