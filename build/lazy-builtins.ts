import { isBuiltin } from 'node:module';
import { isAbsolute, relative } from 'node:path';
import type { Plugin } from 'rolldown';

/**
 * Modules of Node that packages load at once and seldom use: Fastify those for its own listeners, in place of which it
 * has ours, prom-client those for its push gateway. HTTP/2 and TLS alone are 5 MB.
 */
const SELDOM = /^(node:)?(child_process|http2|https|zlib)$/;

const IMPORTED = /^\0import:(?<id>[^ ]+) (?<importer>.*)$/;
const REQUIRED = /^\0require:(?<id>.+)$/;

/**
 * Has the bundle load of Node no more than it uses. For an `import` Node looks up every name that a module has, and some
 * load others then: `WebSocket` of `node:http` a whole client of the web, 9 MB. So imports become a look-up of the names
 * that are used, and what packages load in vain is loaded once they call something of it.
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
      if (imported !== undefined) {
        const isLazy = SELDOM.test(imported['id'] ?? '') && (imported['importer'] ?? '').includes('/node_modules/');
        return { code: importedCode(imported['id'] ?? '', isLazy), moduleSideEffects: false };
      }
      const required = REQUIRED.exec(module)?.groups?.['id'];
      return required === undefined
        ? undefined
        : `module.exports = new Proxy({}, { get: (_, name) => ${loadOf(required)}[name] });`;
    },
  };
}

/** One constant for each name: only those that are used stay. @param isLazy all that is used are functions */
function importedCode(id: string, isLazy: boolean): string {
  const names = Object.keys(process.getBuiltinModule(id) ?? {}).filter((name) => name !== 'default');
  const one = isLazy ? '(...args) => all()[name](...args)' : 'all()[name]';
  return [
    `const all = () => ${loadOf(id)};`,
    `const one = (name) => ${one};`,
    'export default /* @__PURE__ */ all();',
    ...names.map((name) => `const _${name} = /* @__PURE__ */ one('${name}'); export { _${name} as ${name} };`),
  ].join('\n');
}

function loadOf(id: string): string {
  return `process.getBuiltinModule(${JSON.stringify(id)})`;
}
