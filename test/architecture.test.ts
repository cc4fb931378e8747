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

/** Those of the store, as the same page lists them. */
const FOLDERS = [...readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(
  ([, folder = '']) => folder,
);

/** Above this, files have begun to hold more than one thought. */
const MEDIAN_LINES = 60;
const MOST_LINES = 250;

function linesOf(file: string): number {
  return readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1;
}

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

  it('of the store import from their own folder and those above it in its list', () => {
    const folderOf = (file: string) => FOLDERS.indexOf(file.split('/')[2] ?? '');
    const isOfFolder = (file: string) => file.startsWith('src/store/') && folderOf(file) !== -1;
    const upwards = [...IMPORTS]
      .filter(([file]) => isOfFolder(file))
      .flatMap(([file, imported]) =>
        imported
          .filter((other) => isOfFolder(other) && folderOf(other) > folderOf(file))
          .map((other) => `${file} imports ${other}`),
      );
    expect(upwards).toEqual([]);
    expect(FOLDERS.length).toBeGreaterThan(5);
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

  it(`have at most ${MEDIAN_LINES} lines at the median, and never more than ${MOST_LINES}`, () => {
    const files = [...IMPORTS.keys()].map((file) => ({ file, lines: linesOf(file) }));
    const middle = files.toSorted((a, b) => a.lines - b.lines)[Math.floor(files.length / 2)];
    expect(middle?.lines).toBeLessThanOrEqual(MEDIAN_LINES);
    expect(files.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
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
