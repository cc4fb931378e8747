/**
 * `npm run package`: the program with its Node as a Debian package, as an archive for other Linuxes, and as one for
 * Windows, in `out`. It needs Linux, dpkg-deb, xz and zip, and npm's registry for the Node of Windows. The same commit makes the same files: all times in them are those of the commit.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeArchive } from './archive.ts';
import { makeDebianPackage } from './debian.ts';
import { stageProgram } from './program.ts';
import { OUT, run } from './run.ts';
import { makeWindowsZip } from './windows.ts';

await run('npm', ['run', '--silent', 'build']);
await mkdir(OUT, { recursive: true });
const work = await mkdtemp(join(tmpdir(), 'kmswatch-package-'));
try {
  const program = join(work, 'program');
  await stageProgram(program);
  const making = [makeDebianPackage(program, work), makeArchive(program, work), makeWindowsZip(program, work)];
  for (const made of await Promise.all(making)) {
    process.stdout.write(`${made}\n`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
