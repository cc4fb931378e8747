import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { CSV_SEPARATORS, type CsvSeparator } from '../kernel/csv.ts';

const Asked = z.looseObject({ separator: z.enum(CSV_SEPARATORS).default(',') });

export const WRONG_SEPARATOR = `separator must be ${CSV_SEPARATORS.join(' or ')}`;

/**
 * The methods of a file that may be long. Fastify's own answer to HEAD would make the whole file: nobody who asks for the
 * head alone may have a million leases read.
 */
export const WITH_HEAD: HTTPMethods[] = ['GET', 'HEAD'];

/** What `?separator=` asks for; undefined if that cannot separate cells. */
export function csvSeparator({ query }: FastifyRequest): CsvSeparator | undefined {
  return Asked.safeParse(query).data?.separator;
}

/** An answer that a browser saves under this name. */
export function asCsv(reply: FastifyReply, name: string): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('Content-Disposition', `attachment; filename="${name}"`);
}
