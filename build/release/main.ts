/**
 * `npm run release`: everything that goes with a release, in `out`, by one command: the Debian package, the archive, the
 * package for npm, what they are made of, their licences, the notes, and the checksums of all. The same commit makes the
 * same files. With `--snapshot`, the changelog need not have the version yet.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OUT, ROOT, run, VERSION } from '../package/run.ts';
import { writeChecksums } from './checksums.ts';
import { allLicences } from './licences.ts';
import { releaseNotes } from './notes.ts';
import { makeNpmPackage } from './npm-package.ts';
import { billOfMaterials } from './sbom.ts';

const isSnapshot = process.argv.includes('--snapshot');
const changed = (await run('git', ['status', '--porcelain'])).trim();
// Nobody could make them again.
if (changed !== '' && !isSnapshot) throw new Error(`not all is committed:\n${changed}`);
const notes = await releaseNotes(isSnapshot);
await rm(OUT, { recursive: true, force: true });
await run(process.execPath, [join(ROOT, 'build/package/main.ts')]);
await makeNpmPackage(OUT);
await writeFile(join(OUT, `kmswatch-${VERSION}.cdx.json`), await billOfMaterials());
await writeFile(join(OUT, 'THIRD-PARTY-LICENSES.txt'), await allLicences());
await writeFile(join(OUT, 'RELEASE-NOTES.md'), notes);
process.stdout.write(await writeChecksums(OUT));
