import { z } from 'zod';
import { ANSWERS } from './answers.ts';
import { ErrorAnswer } from './error-answer.ts';
import type { AnswerDoc, DocumentedRoute, RouteDoc } from './route-doc.ts';

/** The answers that any route may give. */
const COMMON: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Authentication is required: a user and password, or a token',
  403: 'The user has no right to see this',
  404: 'There is nothing at this path',
  405: 'The method is not allowed',
  413: 'The body is too large',
  414: 'Part of the path is too long',
  415: 'The encoding of the body is not supported',
  429: 'The rate limit is exceeded',
  500: 'An internal error; see the log',
  503: 'Temporarily unavailable; Retry-After says when to try again',
};

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the routes, made of the schemas that they work with. */
export function openApiDocument(version: string, routes: readonly DocumentedRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, url, doc, ownAuthentication } of routes) {
    if (doc === undefined) continue;
    const path = url.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(method, url, doc, ownAuthentication) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'kmswatch',
      version,
      description: 'Watches Microsoft KMS hosts. Never sends them an activation request.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Seen from the document, so that the paths hold below any other path.
    servers: [{ url: '../../' }],
    paths,
    components: {
      securitySchemes: {
        user: { type: 'http', scheme: 'basic', description: 'If web.config_file has basic_auth_users' },
        token: { type: 'http', scheme: 'bearer', description: 'A token from the configuration' },
      },
      responses: Object.fromEntries(
        Object.entries(COMMON).map(([status, description]) => [
          `Error${status}`,
          { description, content: { ...content('application/json', ErrorAnswer), ...content('text/plain') } },
        ]),
      ),
    },
  };
}

function operation(method: string, url: string, doc: RouteDoc, ownAuthentication: boolean): Json {
  const parameters = [
    ...parametersOf('path', doc.params),
    ...parametersOf('query', doc.query),
    ...parametersOf('header', doc.headers),
  ];
  const common = Object.keys(COMMON).map((status) => [status, { $ref: `#/components/responses/Error${status}` }]);
  return {
    operationId: `${method.toLowerCase()}${url.replace(/[^A-Za-z0-9]+/g, '_')}`.replace(/_$/, ''),
    summary: doc.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(doc.body === undefined ? {} : { requestBody: bodyOf(doc.body) }),
    responses: {
      ...Object.fromEntries(common),
      ...Object.fromEntries(Object.entries(doc.answers).map(([status, answer]) => [status, answerOf(status, answer)])),
    },
    security: ownAuthentication ? [{ token: [] }] : [{}, { user: [] }],
  };
}

function parametersOf(place: 'path' | 'query' | 'header', schema: z.ZodObject | undefined): readonly Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, value]) => {
    const { description, ...rest } = jsonSchema(value, 'input');
    const optional = z.safeParse(value, undefined).success;
    return {
      name,
      in: place,
      ...(optional ? {} : { required: true }),
      ...(typeof description === 'string' ? { description } : {}),
      schema: rest,
    };
  });
}

function bodyOf(types: Readonly<Record<string, string>>): Json {
  const media = Object.entries(types).map(([type, description]) => [type, { schema: { type: 'string', description } }]);
  return { required: true, content: Object.fromEntries(media) };
}

function answerOf(status: string, { description, type, schema }: AnswerDoc): Json {
  if (type === undefined) return { description };
  // What comes before the route answers with a line of text, whatever the route's own errors are like.
  const before = status in COMMON ? content('text/plain') : {};
  return { description, content: { ...before, ...content(type, schema && ANSWERS[schema]) } };
}

function content(type: string, schema: z.ZodType = z.string()): Json {
  return { [type]: { schema: jsonSchema(schema, 'output') } };
}

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
