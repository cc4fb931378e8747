import { isBuiltin } from 'node:module';
import { isAbsolute, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'rolldown';

/**
 * Modules of Node that are loaded at once and seldom used: by Fastify those for its own listeners, in place of which it
 * has ours, by prom-client those for its push gateway, by commander and node-cron those for child processes. HTTP/2 and
 * TLS alone are 5 MB.
 */
const SELDOM = /^(node:)?(assert|child_process|crypto|dgram|dns\/promises|http2|https|zlib)$/;

/** A function that is called all the time, and needed once it fails. */
const ASSERT = /^(node:)?assert$/;

const IMPORTED = /^\0import:(?<id>[^ ]+) (?<importer>.*)$/;
const REQUIRED = /^\0require:(?<id>.+)$/;

/**
 * Has the bundle load of Node no more than it uses. For an `import` Node looks up every name that a module has, and some
 * load others then: `WebSocket` of `node:http` a whole client of the web, 9 MB. So imports become a look-up of the names
 * that are used, and what is loaded in vain is loaded once something of it is called.
 * @param root the checkout; the bundle does not say where it is, so that another one makes the same
 */
export function lazyBuiltins(root: string): Plugin {
  return {
    name: 'lazy-builtins',
    resolveId(id, importer, { kind }) {
      if (importer === undefined || !isBuiltin(id)) return undefined;
      // A copy for each importer, as a shared one would be a separate file.
      if (kind === 'import-statement')
        return `\0import:${id} ${isAbsolute(importer) ? `/${relative(root, importer)}` : importer}`;
      return kind === 'require-call' && SELDOM.test(id) ? `\0require:${id}` : undefined;
    },
    load(module) {
      const imported = IMPORTED.exec(module)?.groups;
      if (imported !== undefined) return { code: importedCode(imported['id'] ?? ''), moduleSideEffects: false };
      const required = REQUIRED.exec(module)?.groups?.['id'];
      if (required === undefined) return undefined;
      return `module.exports = ${ASSERT.test(required) ? lazyAssert(required) : lazily(required)};`;
    },
  };
}

/** One constant for each name: only those that are used stay. */
function importedCode(id: string): string {
  const members = Object.entries(process.getBuiltinModule(id) ?? {}).filter(([name]) => name !== 'default');
  const isSeldom = SELDOM.test(id);
  return [
    `const all = () => ${loadOf(id)};`,
    'const one = (name) => all()[name];',
    'const lazy = (name) => (...args) => all()[name](...args);',
    `export default /* @__PURE__ */ ${isSeldom ? lazily(id) : 'all()'};`,
    ...members.map(([name, member]) => {
      const how = isSeldom && isPlainFunction(name, member) ? 'lazy' : 'one';
      return `const _${name} = /* @__PURE__ */ ${how}('${name}'); export { _${name} as ${name} };`;
    }),
  ].join('\n');
}

/** No class, of which others make instances, and nothing that `promisify` treats differently. */
function isPlainFunction(name: string, member: unknown): boolean {
  return typeof member === 'function' && /^[a-z]/.test(name) && !(promisify.custom in member);
}

/** The module itself, loaded with the first look at it. */
function lazily(id: string): string {
  return `new Proxy({}, { get: (_, name) => ${loadOf(id)}[name] })`;
}

function lazyAssert(id: string): string {
  return `new Proxy(() => {}, {
    apply: (_, __, [value, ...rest]) => { if (!value) ${loadOf(id)}(value, ...rest); },
    get: (_, name) => ${loadOf(id)}[name],
  })`;
}

function loadOf(id: string): string {
  return `process.getBuiltinModule(${JSON.stringify(id)})`;
}
