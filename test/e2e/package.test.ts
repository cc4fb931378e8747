import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startSimulatedHost } from '../../src/demo/kms-host.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { seriesValue, startAgent } from '../support/agent.ts';

const ROOT = join(import.meta.dirname, '../..');
const MANIFEST = z.object({
  version: z.string(),
  bin: z.object({ kmswatch: z.string() }),
  engines: z.object({ node: z.string() }),
});

const execute = promisify(execFile);

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Node of the system that is too old, where there is one beside the one that runs the tests. */
const OLD_NODE = await findOldNode();

let folder: TemporaryFolder;
let installed: string;
let manifest: z.infer<typeof MANIFEST>;
let files: readonly string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  await execute('npm', ['pack', '--pack-destination', folder.path], { cwd: ROOT });
  const [archive = ''] = (await readdir(folder.path)).filter((name) => name.endsWith('.tgz'));
  const { stdout } = await execute('tar', ['-tzf', archive], { cwd: folder.path });
  files = stdout.trim().split('\n');
  await execute('tar', ['-xzf', archive], { cwd: folder.path });
  installed = join(folder.path, 'package');
  manifest = MANIFEST.parse(JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')));
  // The locked versions, which a clean install has just put into npm's cache, and nothing that only development needs.
  await copyFile(join(ROOT, 'package-lock.json'), join(installed, 'package-lock.json'));
  await execute('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline'], { cwd: installed });
});

afterAll(() => folder.remove());

describe('the package', () => {
  test('has what a user needs', () => {
    const needed = ['package.json', 'LICENSE', 'SECURITY.md', 'CHANGELOG.md', 'bin/kmswatch.cjs', 'dist/cli/main.js'];
    for (const name of needed) expect(files).toContain(`package/${name}`);
  });

  test('has nothing that only developers need', () => {
    const folders = files.map((name) => name.split('/')[1] ?? '').filter((name) => !name.includes('.'));
    const known = ['LICENSE', 'alerts', 'bin', 'config', 'dashboards', 'dist', 'docs'];
    expect([...new Set(folders)].filter((name) => !known.includes(name))).toEqual([]);
    expect(files.filter((name) => /\.test\.|\.tsx?$|\.map$/.test(name))).toEqual([]);
    const dashboards = files.filter((name) => name.startsWith('package/dashboards/'));
    expect(dashboards.filter((name) => !/^package\/dashboards\/kmswatch-[a-z]+\.json$/.test(name))).toEqual([]);
  });

  test('runs without the development dependencies, the Node among them', async () => {
    const modules = await readdir(join(installed, 'node_modules'));
    expect(modules).toContain('fastify');
    for (const name of ['node', 'typescript', 'vitest']) expect(modules).not.toContain(name);
  });

  test('says its version', async () => {
    const { code, stdout } = await kmswatch('--version');
    expect(stdout.trim()).toBe(manifest.version);
    expect(code).toBe(0);
  });

  test('looks at a host', async () => {
    const host = await startSimulatedHost({ kind: 'healthy' });
    const { code, stdout } = await kmswatch('check', '--host', `127.0.0.1:${host.port}`);
    await host.close();
    expect(stdout).toContain('OK: 1 of 1 KMS host up');
    expect(code).toBe(0);
  });

  test('runs the agent with its threads', async () => {
    const agent = await startAgent({ config: 'discovery: {domains: []}', command: [process.execPath, bin()] });
    const page = await agent.metrics();
    await agent.stop();
    expect(seriesValue(page, 'kmswatch_store_up')).toBe(1);
    expect(page).toContain(`kmswatch_build_info{version="${manifest.version}",`);
  });
});

describe('an older Node', () => {
  const message = /^kmswatch needs Node 24 or later, this is (\d+\.\d+\.\d+): install it from .* container image\n$/;

  test('is told what to do', async () => {
    const pretence = await folder.write(
      'pretend.cjs',
      `Object.defineProperty(process.versions, 'node', { value: '20.19.5' });`,
    );
    const { code, stdout, stderr } = await run(process.execPath, ['--require', pretence, bin(), 'run']);
    expect(message.exec(stderr)?.[1]).toBe('20.19.5');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.skipIf(OLD_NODE === undefined)('is told so by a real one too (needs a Node before 24)', async () => {
    const { code, stderr } = await run(OLD_NODE ?? '', [bin(), 'check']);
    expect(stderr).toMatch(message);
    // For a monitoring plugin: UNKNOWN.
    expect(code).toBe(3);
  });

  test('is one that package.json excludes', () => {
    expect(manifest.engines.node).toBe('>=24.0.0');
  });
});

function bin(): string {
  return join(installed, manifest.bin.kmswatch);
}

function kmswatch(...args: readonly string[]): Promise<Outcome> {
  return run(process.execPath, [bin(), ...args]);
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder.path, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error);
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

async function findOldNode(): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'];
  for (const file of new Set(folders.map((path) => join(path, 'node')))) {
    try {
      accessSync(file, constants.X_OK);
      const { stdout } = await execute(file, ['--version']);
      const major = Number(/^v(\d+)\./.exec(stdout)?.[1]);
      if (major < 24) return file;
    } catch {
      // No Node there.
    }
  }
  return undefined;
}
