import type { Plugin } from 'rolldown';

/** What packages load, whether it is used or not, and for what. */
const UNUSED = new Set([
  // Fastify, for an app with JSON schemas, for `inject` and for the versions that a plugin says it fits.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'semver',
  // prom-client, for exemplars and for a gateway to push to.
  '@opentelemetry/api',
  './lib/pushgateway',
  // pino, to write from a thread.
  'thread-stream',
]);

const EMPTY = '\0unused';

/** Leaves it out of the bundle, in which it would be a quarter of the agent; its use would be an error. */
export function unusedParts(): Plugin {
  return {
    name: 'unused-parts',
    resolveId(id) {
      return UNUSED.has(id) ? EMPTY : undefined;
    },
    load(id) {
      return id === EMPTY ? 'module.exports = undefined;' : undefined;
    },
  };
}
