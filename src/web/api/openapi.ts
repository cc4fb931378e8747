import { z } from 'zod';
import { ErrorAnswer } from './error-answer.ts';
import type { AnswerDoc, DocumentedRoute, RouteDoc } from './route-doc.ts';

/** What any route may answer, whoever asks for what. */
const COMMON: Readonly<Record<number, string>> = {
  400: 'Something in the request is not as it should be',
  401: 'A user and password, or a token, are wanted',
  403: 'Not for whoever asks',
  404: 'There is nothing here',
  405: 'Not by this method',
  413: 'The body is too large',
  414: 'A part of the path is too long',
  415: 'The body is in an encoding that is not read',
  429: 'More requests than the rate limit lets through',
  500: 'Something failed; the log says what',
  503: 'Not now; Retry-After says when to ask again',
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
      description: 'Watches Microsoft KMS hosts, and never sends them an activation request.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: {
        user: { type: 'http', scheme: 'basic', description: 'When basic_auth_users of web.config_file has users' },
        token: { type: 'http', scheme: 'bearer', description: 'A token of the configuration' },
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
  return { description, content: { ...before, ...content(type, schema) } };
}

function content(type: string, schema: z.ZodType = z.string()): Json {
  return { [type]: { schema: jsonSchema(schema, 'output') } };
}

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
