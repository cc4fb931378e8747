import type { z } from 'zod';
import type { AnswerName } from './answers.ts';

/** What a route takes and gives: `/api/v1/openapi.json` is made of it, and tests hold the answers against it. */
export interface RouteDoc {
  /** One line without a full stop. */
  readonly summary: string;
  /** Parts of the path by name; a route with such parts must have it. */
  readonly params?: z.ZodObject;
  /** The very schema that the route reads its query with. */
  readonly query?: z.ZodObject;
  /** Request headers beside those that all routes have. */
  readonly headers?: z.ZodObject;
  /** Media types of the body, each with its meaning. */
  readonly body?: Readonly<Record<string, string>>;
  /** By status; the errors that any route may answer with (400, 401, 403, 404, 429, 503) need not be listed. */
  readonly answers: Readonly<Record<number, AnswerDoc>>;
}

export interface AnswerDoc {
  readonly description: string;
  /** Media type without parameters; undefined: no body. */
  readonly type?: string;
  /** The schema of the body, if it is JSON. */
  readonly schema?: AnswerName;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    doc?: RouteDoc;
  }
}

/** A route as it is known to Fastify. */
export interface DocumentedRoute {
  readonly method: string;
  /** With parts as `:name`. */
  readonly url: string;
  readonly doc: RouteDoc | undefined;
  /** True if the route takes its own token instead of a user's password. */
  readonly ownAuthentication: boolean;
}

/** An answer of plain text. */
export function textAnswer(description: string, type = 'text/plain'): AnswerDoc {
  return { description, type };
}

export function jsonAnswer(description: string, schema: AnswerName): AnswerDoc {
  return { description, type: 'application/json', schema };
}
