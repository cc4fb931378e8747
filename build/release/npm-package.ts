import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../package/run.ts';

/** What only a checkout needs. With scripts in it, npm would ask users to allow them when they install the package. */
const OF_THE_CHECKOUT = ['scripts', 'devDependencies', 'allowScripts'];

/**
 * `npm pack` of the package without anything that only a checkout needs: its install runs no script of kmswatch.
 * @param to the folder for the archive
 */
export async function makeNpmPackage(to: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'kmswatch-pack-'));
  try {
    // The program is built already.
    await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work]);
    const [archive = ''] = await readdir(work);
    await run('tar', ['-C', work, '-xzf', join(work, archive)]);
    const file = join(work, 'package/package.json');
    const manifest = Object.entries(JSON.parse(await readFile(file, 'utf8')));
    const kept = Object.fromEntries(manifest.filter(([key]) => !OF_THE_CHECKOUT.includes(key)));
    await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
    // Whatever the umask was: npm packs the rights of others as they are.
    await run('chmod', ['-R', 'u=rwX,go=rX', join(work, 'package')]);
    await run('npm', ['pack', '--silent', '--pack-destination', to, join(work, 'package')]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
