import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LAUNCHER } from './launcher.ts';
import { manPage } from './man-page.ts';
import { commitTime, IS_QUICK, OUT, ROOT, run, runKmswatch, VERSION } from './run.ts';

/** What a user of another Linux needs beside the program. */
export const BESIDE = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'docs', 'config', 'alerts', 'dashboards'];

/** @returns the path of `kmswatch-VERSION-linux-ARCH.tar.xz`: the same files, in one folder that may be anywhere. */
export async function makeArchive(program: string, work: string): Promise<string> {
  const name = `kmswatch-${VERSION}-linux-${process.arch}`;
  const folder = join(work, 'archive', name);
  await cp(program, join(folder, 'lib'), { recursive: true });
  await writeFile(join(folder, 'kmswatch'), LAUNCHER('$(dirname "$(readlink -f "$0")")/lib'), { mode: 0o755 });
  await writeFile(join(folder, 'kmswatch.1'), await manPage(program));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = join(folder, 'completion', shell === 'zsh' ? '_kmswatch' : `kmswatch.${shell}`);
    await mkdir(dirname(script), { recursive: true });
    await writeFile(script, await runKmswatch(program, 'completion', shell));
  }
  for (const part of BESIDE) await copyTracked(part, folder);
  const file = join(OUT, `${name}.tar.xz`);
  const order = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=go=rX,u+rw', '--format=gnu'];
  const time = `--mtime=@${await commitTime()}`;
  await run('tar', ['-C', join(work, 'archive'), ...order, time, '-cJf', file, name], {
    XZ_OPT: IS_QUICK ? '-0 -T1' : '-6 -T1',
  });
  return file;
}

/** Only what is in the repository: no secrets of a trial, no sources of dashboards. */
export async function copyTracked(part: string, to: string): Promise<void> {
  const files = (await run('git', ['ls-files', part])).trim().split('\n');
  for (const file of files.filter((path) => !/\.(?:test\.)?tsx?$|^dashboards\/preview\//.test(path))) {
    await cp(join(ROOT, file), join(to, file));
  }
}
