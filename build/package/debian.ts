import { chmod, copyFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BESIDE, copyTracked } from './archive.ts';
import { LAUNCHER } from './launcher.ts';
import { manPage } from './man-page.ts';
import { ARCHITECTURES, commitTime, IS_QUICK, OUT, ROOT, run, runKmswatch, VERSION } from './run.ts';
import { packageUnit } from './unit.ts';

const OWN = join(import.meta.dirname, 'debian');
const LIB = '/usr/lib/kmswatch';
const DATA = '/usr/share/kmswatch';
const DOC = '/usr/share/doc/kmswatch';
/** Shells that have a folder of completions, each with the name of its file there. */
const COMPLETIONS: readonly (readonly [string, string])[] = [
  ['bash', '/usr/share/bash-completion/completions/kmswatch'],
  ['zsh', '/usr/share/zsh/vendor-completions/_kmswatch'],
  ['fish', '/usr/share/fish/vendor_completions.d/kmswatch.fish'],
];

/** @returns the path of `kmswatch_VERSION_ARCH.deb` */
export async function makeDebianPackage(program: string, work: string): Promise<string> {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined) throw new Error(`Debian has no name for ${process.arch}`);
  const root = join(work, 'debian');
  const put = (path: string, content: string | Buffer, mode = 0o644) => write(join(root, path), content, mode);
  await cp(program, join(root, LIB), { recursive: true });
  await put('/usr/bin/kmswatch', LAUNCHER(LIB), 0o755);
  await put('/usr/lib/systemd/system/kmswatch.service', await packageUnit(`${LIB}/node ${LIB}/bin/kmswatch.cjs run`));
  await put('/usr/share/man/man1/kmswatch.1.gz', zip(await manPage(program)));
  for (const [shell, path] of COMPLETIONS) await put(path, await runKmswatch(program, 'completion', shell));
  await put('/etc/kmswatch/kmswatch.yml', await readFile(join(OWN, 'kmswatch.yml')));
  await put('/etc/kmswatch/kmswatch.example.yml', await readFile(join(ROOT, 'config/kmswatch.example.yml')));
  for (const part of BESIDE) {
    const isData = part === 'alerts' || part === 'dashboards';
    await copyTracked(part, join(root, isData ? DATA : DOC));
    // Where the links of the documentation lead, and the overlay for Kubernetes.
    if (isData) await symlink(relative(DOC, join(DATA, part)), join(root, DOC, part));
  }
  await symlink('config', join(root, DOC, 'examples'));
  await put(`${DOC}/copyright`, await copyright());
  await put(`${DOC}/changelog.gz`, zip(await debianChangelog()));
  await put('/usr/share/lintian/overrides/kmswatch', await readFile(join(OWN, 'lintian-overrides')));
  await writeControl(root, architecture);
  await tidy(root);
  const file = join(OUT, `kmswatch_${VERSION}_${architecture}.deb`);
  const epoch = { SOURCE_DATE_EPOCH: await commitTime() };
  const compression = IS_QUICK ? ['-Znone'] : ['--threads-max=1', '-Zxz', '-z6'];
  await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', root, file], epoch);
  return file;
}

async function writeControl(root: string, architecture: string): Promise<void> {
  const installed = (await run('du', ['-k', '-s', '--apparent-size', root])).split('\t')[0] ?? '0';
  const control = (await readFile(join(OWN, 'control'), 'utf8'))
    .replace('@VERSION@', VERSION)
    .replace('@ARCHITECTURE@', architecture)
    .replace('@SIZE@', installed);
  await write(join(root, 'DEBIAN/control'), control, 0o644);
  await write(
    join(root, 'DEBIAN/conffiles'),
    '/etc/kmswatch/kmswatch.example.yml\n/etc/kmswatch/kmswatch.yml\n',
    0o644,
  );
  for (const name of ['postinst', 'prerm', 'postrm']) {
    await copyFile(join(OWN, name), join(root, 'DEBIAN', name));
    await chmod(join(root, 'DEBIAN', name), 0o755);
  }
  await write(join(root, 'DEBIAN/md5sums'), await sums(root), 0o644);
}

/** dpkg --verify goes by them. Configuration is not among them. */
async function sums(root: string): Promise<string> {
  const entries = await readdir(join(root, 'usr'), { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => relative(root, join(each.parentPath, each.name)));
  return run('sh', ['-c', 'cd "$1" && shift && md5sum -- "$@"', 'sh', root, ...files.toSorted()]);
}

/** Ours, Node's and those of all packages in the bundle: their own texts lie beside the program. */
async function copyright(): Promise<string> {
  return (await readFile(join(OWN, 'copyright'), 'utf8')).replaceAll('@LIB@', LIB);
}

/** In Debian's form: what changed is in ours. */
async function debianChangelog(): Promise<string> {
  const time = new Date(Number(await commitTime()) * 1000).toUTCString().replace('GMT', '+0000');
  const maintainer = /^Maintainer: (.*)$/m.exec(await readFile(join(OWN, 'control'), 'utf8'))?.[1];
  return `kmswatch (${VERSION}) stable; urgency=medium\n\n  * See ${DOC}/CHANGELOG.md.\n\n -- ${maintainer}  ${time}\n`;
}

/** The modes that Debian has, whatever the checkout's umask was. */
async function tidy(root: string): Promise<void> {
  await run('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
}

async function write(path: string, content: string | Buffer, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}

function zip(text: string): Buffer {
  return gzipSync(text, { level: 9 });
}
