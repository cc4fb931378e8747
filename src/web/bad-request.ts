import type { FastifyReply } from 'fastify';
import type { z } from 'zod';

/** Answers with every mistake in the parameters, each with its name. */
export function badRequest(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const mistakes = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')} ${message}`,
  );
  return reply.code(400).send({ error: mistakes.join('; ') });
}
