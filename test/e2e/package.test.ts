import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative } from 'node:path';
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
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()),
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
let archive: string;
let installed: string;
let manifest: z.infer<typeof MANIFEST>;
let files: readonly string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  await execute('npm', ['pack', '--pack-destination', folder.path], { cwd: ROOT });
  [archive = ''] = (await readdir(folder.path)).filter((name) => name.endsWith('.tgz'));
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
    const needed = ['package.json', 'LICENSE', 'SECURITY.md', 'CHANGELOG.md', 'bin/kmswatch.cjs', 'dist/main.js'];
    for (const name of needed) expect(files).toContain(`package/${name}`);
  });

  test('has nothing that only developers need', () => {
    const folders = files.map((name) => name.split('/')[1] ?? '').filter((name) => !name.includes('.'));
    const known = ['LICENSE', 'alerts', 'bin', 'config', 'dashboards', 'dist', 'docs'];
    expect([...new Set(folders)].filter((name) => !known.includes(name))).toEqual([]);
    expect(files.filter((name) => /\.test\.|\.tsx?$|\.map$/.test(name))).toEqual([]);
    const dashboards = files.filter((name) => name.startsWith('package/dashboards/'));
    const shipped = /^package\/dashboards\/(?:kmswatch-[a-z]+\.json|kustomization\.yaml)$/;
    expect(dashboards.filter((name) => !shipped.test(name))).toEqual([]);
  });

  test('needs no other package but the optional one that is compiled', async () => {
    const { dependencies, optionalDependencies } = manifest;
    expect(dependencies).toBeUndefined();
    expect(Object.keys(optionalDependencies)).toEqual(['kerberos']);
    const modules = await readdir(join(installed, 'node_modules'));
    for (const name of ['fastify', 'node', 'rolldown', 'typescript']) expect(modules).not.toContain(name);
  });

  test('has the licence of each package that is in it', async () => {
    const licences = await readFile(join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const bundled = new Set((await Promise.all(chunks().map(partsOf))).flat().flatMap((part) => packageOf(part) ?? []));
    expect(bundled.size).toBeGreaterThan(20);
    expect([...bundled].filter((name) => !licences.includes(`\n${name} `))).toEqual([]);
  });

  test('is text of one octet a character, as V8 keeps it whole', async () => {
    const texts = await Promise.all(
      chunks().map(async (name) => [name, await readFile(join(installed, name), 'utf8')]),
    );
    const isWide = /[^\0-\u00ff]/;
    expect(texts.filter(([, text = '']) => isWide.test(text)).map(([name]) => name)).toEqual([]);
  });

  test('is installed by one command, without a script or another package, as the command kmswatch', async () => {
    const prefix = join(folder.path, 'global');
    const options = ['--prefix', prefix, '--omit=optional', '--ignore-scripts', '--offline'];
    await execute('npm', ['install', '--global', ...options, `./${archive}`], { cwd: folder.path });
    // Of all Nodes the one that the tests have.
    const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
    const { stdout } = await execute(join(prefix, 'bin/kmswatch'), ['--version'], { env });
    expect(stdout.trim()).toBe(manifest.version);
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

describe('a command loads its own code only', () => {
  let port: number;
  let hosts: Awaited<ReturnType<typeof startSimulatedHost>>;

  beforeAll(async () => {
    hosts = await startSimulatedHost({ kind: 'healthy' });
    port = hosts.port;
  });

  afterAll(() => hosts.close());

  test('--version: none at all', async () => {
    const { files: loaded, parts } = await loadedBy('--version');
    expect(loaded.map((file) => basename(file)).sort()).toEqual(['kmswatch.cjs', 'package.json']);
    expect(parts).toEqual([]);
  });

  test('check: no server, no database, no other command', async () => {
    const { parts, builtins } = await loadedBy('check', '--host', `127.0.0.1:${port}`);
    expect(parts).toContain('src/agent/one-look.ts');
    expect(parts).toContain('node_modules/commander');
    expect(parts.filter((part) => /^src\/(web|store|demo|notify|explain|exposition|winrm)\//.test(part))).toEqual([]);
    expect(parts.filter((part) => /^node_modules\/(fastify|pino|prom-client|undici|saxes)$/.test(part))).toEqual([]);
    expect(builtins.filter((name) => /^(sqlite|http|https|http2|tls|worker_threads)$/.test(name))).toEqual([]);
  });

  // Needs no store and no agent: what they share with it must be in a file without it (`build/chunks.ts`).
  test.each([
    ['config', 'check', '/nowhere'],
    ['notify', '--config', '/nowhere'],
    ['leases', '--config', '/nowhere'],
    ['report', '--config', '/nowhere'],
    ['explain', 'pc-1', '--config', '/nowhere'],
  ])('%s: no agent', async (...args) => {
    const { parts } = await loadedBy(...args);
    expect(parts).toContain('node_modules/commander');
    expect(
      parts.filter((part) => /^(src\/(agent\/service|demo)|node_modules\/(fastify|prom-client))/.test(part)),
    ).toEqual([]);
  });

  test('the agent: no demo, nothing that a configuration or a request would have to ask for', async () => {
    const config = await folder.write('own-code.yml', 'discovery: {domains: []}\nweb: {listen: ["127.0.0.1:0"]}\n');
    const { parts, builtins } = await loadedBy('run', '--config', config);
    expect(parts).toContain('src/agent/service.ts');
    expect(parts).toContain('node_modules/fastify');
    expect(parts.filter((part) => /^src\/(demo|winrm|reports\/ask|ingest|activations\/forms)/.test(part))).toEqual([]);
    expect(parts.filter((part) => /^src\/(web\/api\/answers|command-socket\/socket-arguments)/.test(part))).toEqual([]);
    const unused = /^node_modules\/(pino-pretty|undici|ajv|light-my-request|csv-parse|saxes)$/;
    expect(parts.filter((part) => unused.test(part))).toEqual([]);
    expect(builtins.filter((name) => /undici|^(assert|dns\/promises|https|http2|inspector)$/.test(name))).toEqual([]);
  });
});

describe('an older Node', () => {
  const message = /^kmswatch needs Node 24 or later, this is (\d+\.\d+\.\d+): install it from .* container image\n$/;

  test('gets a remedy', async () => {
    const pretence = await folder.write(
      'pretend.cjs',
      `Object.defineProperty(process.versions, 'node', { value: '20.19.5' });`,
    );
    const { code, stdout, stderr } = await run(process.execPath, ['--require', pretence, bin(), 'run']);
    expect(message.exec(stderr)?.[1]).toBe('20.19.5');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.skipIf(OLD_NODE === undefined)('gets it from a real one too (needs a Node before 24)', async () => {
    const { code, stderr } = await run(OLD_NODE ?? '', [bin(), 'check']);
    expect(stderr).toMatch(message);
    // For a monitoring plugin: UNKNOWN.
    expect(code).toBe(3);
  });

  test('is one that package.json excludes', () => {
    expect(manifest.engines.node).toBe('>=24.0.0');
  });
});

/** The bundle's files, from the package's folder. */
function chunks(): string[] {
  return files.map((name) => name.replace(/^package\//, '')).filter((name) => /^dist\/.*\.js$/.test(name));
}

/** What is in a file of the bundle: own files, and packages as `node_modules/NAME`. */
async function partsOf(file: string): Promise<string[]> {
  const text = await readFile(join(installed, file), 'utf8');
  const own = [...text.matchAll(/^\/\/ (src\/\S+)$/gm)].map(([, path = '']) => path);
  const packages = [...text.matchAll(/^\/\/ (node_modules\/(?:@[^/\s]+\/)?[^/\s]+)\//gm)].map(([, path = '']) => path);
  return [...new Set([...own, ...packages])];
}

function packageOf(part: string): string | undefined {
  return /^node_modules\/(.+)$/.exec(part)?.[1];
}

/** Tells at the end of a process what it has loaded, and ends an agent once it serves. */
const SPY = `
  const files = new Set();
  require('node:module').registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) files.add(require('node:url').fileURLToPath(url));
      return next(url, context);
    },
  });
  const report = process.env.LOADED;
  delete process.env.LOADED;
  process.on('exit', () => {
    const builtins = process.moduleLoadList.filter((name) => /^NativeModule /.test(name)).map((name) => name.slice(13));
    require('node:fs').writeFileSync(report, JSON.stringify({ files: [...files], builtins }));
  });
  const write = process.stderr.write;
  process.stderr.write = function (text, ...rest) {
    if (String(text).includes('the agent is listening')) process.kill(process.pid, 'SIGTERM');
    return write.call(this, text, ...rest);
  };
`;

const Loaded = z.object({ files: z.array(z.string()), builtins: z.array(z.string()) });

/** Runs a command and looks at what it has loaded. */
async function loadedBy(...args: readonly string[]) {
  const spy = await folder.write('spy.cjs', SPY);
  const report = join(folder.path, 'loaded.json');
  const env = { ...process.env, LOADED: report, STATE_DIRECTORY: folder.path };
  await run(process.execPath, ['--require', spy, bin(), ...args], env);
  const loaded = Loaded.parse(JSON.parse(await readFile(report, 'utf8')));
  const inPackage = loaded.files.flatMap((file) => (file.startsWith(installed) ? relative(installed, file) : []));
  const parts = await Promise.all(inPackage.filter((file) => file.startsWith('dist/')).map(partsOf));
  return { files: inPackage, parts: parts.flat(), builtins: loaded.builtins };
}

function bin(): string {
  return join(installed, manifest.bin.kmswatch);
}

function kmswatch(...args: readonly string[]): Promise<Outcome> {
  return run(process.execPath, [bin(), ...args]);
}

function run(program: string, args: readonly string[], env = process.env): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder.path, env, timeout: 60_000 }, (error, stdout, stderr) => {
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
