import { below, type Fields, isFields, listOf } from '../fields.ts';

/** How an object begins that has many records in it: it may be longer than a record. */
const MANY = /^\{\s*"(?:resourceLogs|took|hits)"\s*:/;
const MAY_BE_MANY = /^\{\s*(?:"[a-zA-Z]{0,12}"?\s*)?$/;

export function isEnvelope(start: string): boolean {
  return MANY.test(start);
}

/** Whether more text could make it the beginning of an envelope. */
export function mayBeEnvelope(start: string): boolean {
  return start.length < 200 && MAY_BE_MANY.test(start);
}

/**
 * The records in what stores and collectors put around them: a hit or an answer of Elasticsearch, a batch of OTLP
 * (OpenTelemetry, "JSON Protobuf Encoding"). Whatever else comes is itself.
 */
export function unwrapped(record: Fields): readonly Fields[] {
  if (isFields(record['_source'])) return [record['_source']];
  const hits = below(record, 'hits')['hits'];
  if (Array.isArray(hits)) return objectsIn(hits).map((hit) => (isFields(hit['_source']) ? hit['_source'] : hit));
  if (Array.isArray(record['resourceLogs'])) return recordsOfOtlp(record['resourceLogs']);
  return [record];
}

function recordsOfOtlp(resources: readonly unknown[]): readonly Fields[] {
  const scopes = objectsIn(resources).flatMap((resource) => objectsIn(listOf(resource['scopeLogs'])));
  return scopes
    .flatMap((scope) => objectsIn(listOf(scope['logRecords'])))
    .map(({ body }) => {
      const value = plain(body, MAX_DEPTH);
      // With `raw: true` it is the XML.
      return isFields(value) ? value : { Event: value };
    });
}

/** Deeper than any body is. */
const MAX_DEPTH = 16;

/** The plain value of an `AnyValue`. */
function plain(value: unknown, depth: number): unknown {
  if (!isFields(value) || depth === 0) return undefined;
  const pairs = below(value, 'kvlistValue')['values'];
  if (Array.isArray(pairs)) {
    return Object.fromEntries(
      objectsIn(pairs).map((pair) => [String(pair['key'] ?? ''), plain(pair['value'], depth - 1)]),
    );
  }
  const items = below(value, 'arrayValue')['values'];
  if (Array.isArray(items)) return items.map((item) => plain(item, depth - 1));
  return Object.values(value)[0];
}

function objectsIn(list: readonly unknown[]): readonly Fields[] {
  return list.filter(isFields);
}
