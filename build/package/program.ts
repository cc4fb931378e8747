import { chmod, copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { ROOT, run } from './run.ts';

/** Of the one compiled dependency, the files that are used. */
const KERBEROS = ['package.json', 'LICENSE', 'lib', 'build/Release/kerberos.node'];

/** The program as it runs: the bundle, its Node, and the login with a keytab, as they are in the checkout. */
export async function stageProgram(folder: string): Promise<void> {
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  // Started as `node FILE`: whatever Node `env` would find is another one.
  const start = await readFile(join(ROOT, 'bin/kmswatch.cjs'), 'utf8');
  await writeFile(join(folder, 'bin/kmswatch.cjs'), start.replace(/^#!.*\n/, ''));
  const { name, version, license, type } = manifest;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, type }, null, 2)}\n`);
  await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  await copyFile(process.execPath, join(folder, 'node'));
  await chmod(join(folder, 'node'), 0o755);
  await copyFile(await nodeLicence(), join(folder, 'NODE-LICENSE.txt'));
  for (const part of KERBEROS) {
    const to = join(folder, 'node_modules/kerberos', part);
    await mkdir(dirname(to), { recursive: true });
    await cp(join(ROOT, 'node_modules/kerberos', part), to, { recursive: true });
  }
  // Without where it was compiled, so that another checkout makes the same file.
  const compiled = join(folder, 'node_modules/kerberos/build/Release/kerberos.node');
  await run('strip', ['--strip-unneeded', compiled]);
  await chmod(compiled, 0o644);
}

/** @returns its path: it comes with the package that has the binary for this machine */
export async function nodeLicence(): Promise<string> {
  const file = join(ROOT, `node_modules/node/node_modules/node-${process.platform}-${process.arch}/LICENSE`);
  const text = await readFile(file, 'utf8');
  if (!text.startsWith('Node.js is licensed')) throw new Error(`${file} is not the licence of Node.js`);
  return file;
}
