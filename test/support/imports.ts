import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** What each file of `src` imports from `src`, types too; tests are left out. Paths are relative to the repository. */
export function sourceImports(): ReadonlyMap<string, readonly string[]> {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).map((name) => `src/${name}`);
  return new Map(files.map((file) => [file, importsOf(readFileSync(join(ROOT, file), 'utf8'), file)]));
}

/** The files that a text imports, in whatever way: `import`, `import type`, `export from`, `import()`. */
export function importsOf(text: string, file: string): readonly string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\b\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) => path);
  // A file of data is in no room.
  const paths = specifiers
    .filter((path) => !path.endsWith('.json'))
    .map((path) => relative(ROOT, resolve(ROOT, dirname(file), path)));
  return [...new Set(paths)];
}

/** The circles of a graph: each group of nodes that lead to one another. */
export function circlesOf(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const reach = new Map([...edges.keys()].map((node) => [node, reachableFrom(node, edges)]));
  const inCircle = [...reach].filter(([node, found]) => found.has(node)).map(([node]) => node);
  const circles = inCircle.map((node) =>
    inCircle.filter((other) => reach.get(node)?.has(other) && reach.get(other)?.has(node)),
  );
  return [...new Map(circles.map((circle) => [circle.join(' '), circle])).values()];
}

function reachableFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(edges.get(start) ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...(edges.get(node) ?? []));
  }
  return found;
}
