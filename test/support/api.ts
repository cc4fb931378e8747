import { z } from 'zod';

const Media = z.object({ schema: z.looseObject({}) });
const Answer = z.object({ description: z.string(), content: z.record(z.string(), Media).optional() });
const Ref = z.object({ $ref: z.string() });
const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: z.looseObject({}),
});
const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), Media) }).optional(),
  responses: z.record(z.string(), z.union([Ref, Answer])),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});
const Document = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ responses: z.record(z.string(), Answer) }),
});

export type ApiDocument = z.output<typeof Document>;
export type ApiOperation = z.output<typeof Operation>;

/** The response to a request. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

export function readDocument(text: string): ApiDocument {
  return Document.parse(JSON.parse(text));
}

/** The operation of a request, undefined for a path or a method that the document does not have. */
function operationOf({ paths }: ApiDocument, method: string, path: string): ApiOperation | undefined {
  const [bare = ''] = path.split('?');
  const template = Object.keys(paths).find((each) => {
    const pattern = each.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(bare);
  });
  return template === undefined ? undefined : paths[template]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
}

/** The difference between an answer and the document; undefined if there is none. */
export function objection(document: ApiDocument, answered: Answered): string | undefined {
  const { method, path, status, type, body } = answered;
  const operation = operationOf(document, method, path);
  if (operation === undefined) return status >= 400 && status < 500 ? undefined : `${status} for an unknown route`;
  const found = operation.responses[String(status)];
  if (found === undefined) return `no answer ${status} is documented`;
  const answer = '$ref' in found ? document.components.responses[found.$ref.split('/').at(-1) ?? ''] : found;
  const content = answer?.content;
  if (content === undefined) return body === '' ? undefined : 'a body where none is documented';
  const media = content[type?.split(';')[0] ?? ''];
  if (media === undefined) return `the type ${type} is not documented for ${status}`;
  if (method === 'HEAD' || !type?.startsWith('application/json')) return undefined;
  const checked = z.fromJSONSchema(media.schema).safeParse(JSON.parse(body));
  return checked.success ? undefined : z.prettifyError(checked.error);
}
