/**
 * `npm run build`: the program, bundled into `dist`, with the packages that it uses. Each command is its own file,
 * and so is each thread (docs/decisions/0021-one-bundle.md).
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { GROUPS } from './chunks.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { licencesOf } from './licences.ts';
import { revision } from './revision.ts';
import { unusedParts } from './unused-parts.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

const PROGRAM = 'src/cli/main.ts';

/**
 * Threads and child processes, which are started by their file. Each is bundled by itself, with copies of what the program
 * has too: nothing in memory is shared with it anyway, and one file is found sooner than twenty.
 */
const STARTED = [
  'src/store/threads/writer-thread.ts',
  'src/store/threads/reader-thread.ts',
  'src/agent/damage-thread.ts',
  'src/web/auth/bcrypt-worker.ts',
  'src/winrm/kerberos-child.ts',
];

await rm(DIST, { recursive: true, force: true });
const define = { KMSWATCH_REVISION: JSON.stringify(await revision(ROOT)) };
const modules = await write([PROGRAM], GROUPS);
for (const entry of STARTED) modules.push(...(await write([entry], [])));
await writeFile(join(DIST, 'THIRD-PARTY-LICENSES.txt'), await licencesOf(modules));

/** @returns the modules that went in */
async function write(input: string[], groups: typeof GROUPS): Promise<string[]> {
  const bundle = await rolldown({
    cwd: ROOT,
    input,
    platform: 'node',
    transform: { define },
    // Compiled for the machine that it is installed on, and optional.
    external: ['kerberos'],
    plugins: [lazyBuiltins(ROOT), unusedParts()],
  });
  const { output } = await bundle.write({
    dir: DIST,
    format: 'esm',
    codeSplitting: { groups },
    // All in one folder, so that a thread is beside the file that starts it (src/kernel/worker.ts).
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // Not minified: a stack trace shows names, and lines that a person can read. Of what is no ASCII, V8 would keep the
    // whole file with two octets a character.
    minify: false,
    charset: 'ascii',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundle.close();
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}
