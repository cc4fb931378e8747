import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { writeChecksums } from '../build/release/checksums.ts';
import { allLicences } from '../build/release/licences.ts';
import { releaseNotes } from '../build/release/notes.ts';
import { makeNpmPackage } from '../build/release/npm-package.ts';
import { billOfMaterials } from '../build/release/sbom.ts';
import manifest from '../package.json' with { type: 'json' };
import { type TemporaryFolder, temporaryFolder } from './peers/temporary-folder.ts';
import { REPOSITORY } from './support/agent.ts';

const run = promisify(execFile);

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await run('npm', ['run', 'build'], { cwd: REPOSITORY });
});
afterAll(() => folder.remove());

it('has a bundle that does not say where the checkout is, so that another one makes the same', async () => {
  const dist = join(REPOSITORY, 'dist');
  const files = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map(async (name) => [name, await readFile(join(dist, name), 'utf8')]));
  expect(files.length).toBeGreaterThan(20);
  expect(texts.filter(([, text = '']) => text.includes(REPOSITORY)).map(([name]) => name)).toEqual([]);
});

it('lists what is shipped, in the same words each time, with every licence', async () => {
  const text = await billOfMaterials();
  expect(await billOfMaterials()).toBe(text);
  const bill = z
    .looseObject({
      bomFormat: z.literal('CycloneDX'),
      specVersion: z.literal('1.6'),
      components: z.array(z.looseObject({ name: z.string(), licenses: z.array(z.unknown()).min(1), purl: z.string() })),
    })
    .parse(JSON.parse(text));
  const names = bill.components.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  for (const name of ['fastify', 'kerberos', 'node']) expect(names).toContain(name);
  for (const name of ['vitest', 'typescript', 'rolldown']) expect(names).not.toContain(name);
});

it('has the licence of each component of the list, Node and kerberos among them', async () => {
  const { components } = z
    .looseObject({
      components: z.array(z.looseObject({ group: z.string().optional(), name: z.string(), version: z.string() })),
    })
    .parse(JSON.parse(await billOfMaterials()));
  const licences = await allLicences();
  const heads = components.map(
    ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version} (`,
  );
  expect(heads.filter((head) => !licences.includes(`\n${head}`))).toEqual([]);
  expect(licences).toContain('Node.js is licensed for use as follows');
  expect(licences).not.toContain('this folder');
});

it('makes a package for npm that has no script, the same each time', async () => {
  const hashes: string[] = [];
  const before = process.umask();
  for (const [name, umask] of [
    ['one', 0o022],
    ['two', 0o077],
  ] as const) {
    const to = join(folder.path, name);
    await run('mkdir', [to]);
    // What the program is built with, and what is packed.
    process.umask(umask);
    await run('chmod', ['-R', umask === 0o077 ? 'go-rwx' : 'go+rX', join(REPOSITORY, 'dist')]);
    await makeNpmPackage(to);
    const [archive = ''] = await readdir(to);
    hashes.push(
      createHash('sha256')
        .update(await readFile(join(to, archive)))
        .digest('hex'),
    );
    await run('tar', ['-xzf', archive], { cwd: to });
  }
  process.umask(before);
  await run('chmod', ['-R', 'go+rX', join(REPOSITORY, 'dist')]);
  expect(hashes[0]).toBe(hashes[1]);
  const packed = JSON.parse(await readFile(join(folder.path, 'one/package/package.json'), 'utf8'));
  expect(Object.keys(packed)).not.toContain('scripts');
  expect(packed).toMatchObject({ version: manifest.version, bin: manifest.bin });
  const { stdout } = await run(process.execPath, [join(folder.path, 'one/package/bin/kmswatch.cjs'), '--version']);
  expect(stdout.trim()).toBe(manifest.version);
});

it('has checksums as sha256sum reads them', async () => {
  const files = join(folder.path, 'files');
  await folder.write('files/a.txt', 'a');
  await folder.write('files/b.txt', 'b');
  await writeChecksums(files);
  expect((await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: files })).stdout).toBe('a.txt: OK\nb.txt: OK\n');
});

it('takes its notes from the changelog, and refuses a version that it does not have', async () => {
  expect(await releaseNotes(true)).toMatch(new RegExp(`^# kmswatch ${manifest.version}\n\n\\* \\[`));
  const changelog = await readFile(join(REPOSITORY, 'CHANGELOG.md'), 'utf8');
  if (!changelog.includes(`\n## ${manifest.version}`)) {
    await expect(releaseNotes(false)).rejects.toThrow(`no section ${manifest.version}`);
  }
});
