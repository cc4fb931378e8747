import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesOf, importsOf, sourceImports } from './support/imports.ts';

const ROOT = join(import.meta.dirname, '..');
const IMPORTS = sourceImports();

/** As docs/architecture.md lists them, from the ground up. */
const ROOMS = [...readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8').matchAll(/^\| `src\/([\w-]+)` \|/gm)].map(
  ([, room = '']) => room,
);

/** Above this, files have begun to hold more than one thought. */
const MEDIAN_LINES = 60;

function roomOf(file: string): string {
  return file.split('/')[1] ?? '';
}

describe('the source files', () => {
  it('are each in a room that docs/architecture.md lists', () => {
    expect(new Set([...IMPORTS.keys()].map(roomOf))).toEqual(new Set(ROOMS));
    expect(IMPORTS.size).toBeGreaterThan(300);
  });

  it('import from their own room and the rooms above it in the list, types too', () => {
    const upwards = [...IMPORTS].flatMap(([file, imported]) =>
      imported
        .filter((other) => ROOMS.indexOf(roomOf(other)) > ROOMS.indexOf(roomOf(file)))
        .map((other) => `${file} imports ${other}`),
    );
    expect(upwards).toEqual([]);
  });

  it('import one another in no circle, types too', () => {
    expect(circlesOf(IMPORTS)).toEqual([]);
  });

  it('import only files that exist', () => {
    const lost = [...IMPORTS].flatMap(([file, imported]) =>
      imported.filter((other) => !existsSync(join(ROOT, other))).map((other) => `${file}: ${other}`),
    );
    expect(lost).toEqual([]);
  });

  it(`have ${MEDIAN_LINES} lines at the median`, () => {
    const lines = [...IMPORTS.keys()].map((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1);
    const median = lines.toSorted((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 0;
    expect(median).toBeLessThanOrEqual(MEDIAN_LINES);
  });
});

describe('the reader of imports', () => {
  it('sees each way to import a file', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import {\n  c,\n} from './c.ts';",
      "import './d.ts';",
      "export { e } from './e.ts';",
      "const f = await import('./f.ts');",
      "let g: typeof import('./g.ts');",
      "import { h } from 'node:fs';",
    ].join('\n');
    const seen = importsOf(text, 'src/room/file.ts');
    expect(seen).toEqual(['a', '../b', 'c', 'd', 'e', 'f', 'g'].map((name) => join('src/room', `${name}.ts`)));
  });

  it('finds circles of any length, and nothing else', () => {
    const edges = { a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: [], f: ['g', 'd'], g: ['f'] };
    expect(circlesOf(new Map(Object.entries(edges)))).toEqual([
      ['a', 'b', 'c'],
      ['f', 'g'],
    ]);
  });
});
