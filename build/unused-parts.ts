import type { Plugin } from 'rolldown';

/** Parts of Fastify that are loaded for an app with JSON schemas, or by `inject`: ours has none and is not injected into. */
const UNUSED = /^(@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/;

const EMPTY = '\0unused';

/** Leaves them out of the bundle, in which they would be a quarter of the agent; their use would be an error. */
export function unusedParts(): Plugin {
  return {
    name: 'unused-parts',
    resolveId(id) {
      return UNUSED.test(id) ? EMPTY : undefined;
    },
    load(id) {
      return id === EMPTY ? 'module.exports = undefined;' : undefined;
    },
  };
}
