/**
 * What several commands share goes into a few large files: to find, read and link a file takes half a millisecond, and
 * by itself the build makes one for each set of commands that share something, a hundred for the agent.
 *
 * Each file has what is named with all that it needs, unless an earlier file has it; so no two of them need each other.
 * A command that needs some of a file loads all of it: nothing goes in that others would notice
 * (`test/e2e/package.test.ts`).
 */
const CHUNKS: readonly (readonly [name: string, modules: RegExp])[] = [
  ['program', /\/src\/(cli\/(program|terminal|exit-at-once)|config\/patiently|kernel\/v8-flags)\.ts$/],
  ['begin', /\/src\/cli\/begin-agent\.ts$/],
  ['configuration', /\/src\/(cli\/load-config|config\/watch|discovery\/resolv-conf|kernel\/random)\.ts$/],
  ['look', /\/src\/agent\/one-look\.ts$/],
  ['conditions', /\/src\/conditions\/(catalogue|explained)\.ts$/],
  ['store', /\/src\/store\/store\.ts$/],
  ['reading', /\/src\/(ingest|inventory)\//],
];

/** The same for the bundler. */
export const GROUPS = CHUNKS.map(([name, test], index) => ({ name, test, priority: CHUNKS.length - index }));
