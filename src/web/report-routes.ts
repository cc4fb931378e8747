import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { MAX_REPORT_OCTETS } from '../reports/parse-report.ts';
import { bearerToken, unknownToken } from './bearer.ts';
import { later, readBody } from './request-body.ts';
import { type SenderAuth, UNREADABLE } from './sender-auth.ts';
import type { IngestSettings, WebBackend } from './web-backend.ts';

const config: FastifyContextConfig = {
  ownAuthentication: true,
  doc: {
    summary: 'Accepts the report of a host',
    params: z.object({ host: z.string().describe('Any name of the host') }),
    body: { 'application/json': 'A report, with the names of the WMI properties' },
    answers: { 204: { description: 'It was accepted' } },
  },
};

/** Takes what a host says of itself, with the token of that host alone. */
export function reportRoutes(app: FastifyInstance, backend: WebBackend, senders: SenderAuth): void {
  app.post<{ Params: { host: string } }>('/api/v1/reports/:host', { config }, async (request, reply) => {
    const settings = backend.ingest();
    const host = hostOf(request.params.host, settings);
    const refusal = await refuse(senders, settings, host, request, reply);
    if (refusal !== undefined || host === undefined) return refusal;
    return receiveReport(backend, { host, maxBody: settings.maxBody }, request, reply);
  });
}

/** By any of its names; undefined for a text that is no name. */
function hostOf(text: string, { canonicalise }: IngestSettings): HostName | undefined {
  const name = parseHostName(text);
  return name.ok ? canonicalise(name.value) : undefined;
}

/**
 * Which hosts there are and which of them push is only for callers with a token of this agent.
 * @returns the answer to a sender that may not speak for the host; undefined for the host itself
 */
async function refuse(
  senders: SenderAuth,
  settings: IngestSettings,
  host: HostName | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const sender = await senders.authenticate(bearerToken(request.headers.authorization), settings);
  if (!sender.ok) {
    if (sender.error === 'unreadable') return later(reply, UNREADABLE);
    return unknownToken(reply, 'send the token of the host as "Authorization: Bearer TOKEN"');
  }
  if (host === undefined || !settings.pushes.some((push) => push.host === host)) {
    return reply.code(404).send({ error: 'no host of this name has report.push in the configuration of kmswatch' });
  }
  if (sender.value.kind === 'hosts' && sender.value.hosts.has(host)) return undefined;
  const whose = sender.value.kind === 'shipper' ? 'of ingest' : `of ${[...sender.value.hosts].join(' and ')}`;
  return reply.code(403).send({ error: `a host can only send its own report: the token is the one ${whose}` });
}

async function receiveReport(
  backend: WebBackend,
  { host, maxBody }: { readonly host: HostName; readonly maxBody: number },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const octets = Math.min(maxBody, MAX_REPORT_OCTETS);
  const chunks: Buffer[] = [];
  const limit = { octets, error: `a report may have at most ${octets} bytes` };
  const isRead = await readBody(request, reply, limit, (chunk) => void chunks.push(chunk));
  if (!isRead) return reply;
  const report = backend.readReport(Buffer.concat(chunks));
  if (!report.ok) return reply.code(400).send({ error: report.error });
  const accepted = await backend.acceptReport(host, report.value);
  if (accepted.ok) return reply.code(204).send();
  return accepted.error.reason === 'dated_ahead'
    ? reply.code(400).send({ error: accepted.error.text })
    : later(reply, accepted.error.text);
}
