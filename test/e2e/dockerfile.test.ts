import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accepts, startDaemon } from '../peers/daemon.ts';
import { freePort } from '../peers/free-port.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { MAIN, startAgent } from '../support/agent.ts';
import { makeCertificate } from '../support/certificates.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Instruction {
  readonly name: string;
  readonly value: string;
}

const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
const instructions = parse(text);
const runtime = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const ignored = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');

describe('Dockerfile', () => {
  test('has instructions that the builder knows, and no other', () => {
    const known = 'ARG FROM WORKDIR COPY RUN LABEL ENV USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' ');
    expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('builds on the image of Node and runs on what that is made from, both pinned', () => {
    expect(values('FROM')).toEqual([`\${NODE_IMAGE} AS build`, `\${BASE_IMAGE}`]);
    const [image = '', base = '', ...others] = values('ARG');
    expect(image).toMatch(/^NODE_IMAGE=docker\.io\/library\/node:24\.\d+\.\d+-trixie-slim(@sha256:\w+)?$/);
    expect(image).toContain(`node:${process.versions.node}-`);
    expect(base).toMatch(/^BASE_IMAGE=docker\.io\/library\/debian:trixie-\d{8}-slim(@sha256:\w+)?$/);
    expect(others).toEqual([
      'REVISION=unknown',
      'BASE_IMAGE',
      'VERSION=unknown',
      'REVISION=unknown',
      'CREATED=unknown',
    ]);
  });

  test('says in its labels what it is, whatever it was built on', () => {
    const labels = [...(values('LABEL')[0] ?? '').matchAll(/org\.opencontainers\.image\.(\S+?)="([^"]*)"/g)];
    expect(
      Object.fromEntries(labels.map(([, name, value]) => [name, value?.replace(/^\$\{(.*)\}$/, '$1')])),
    ).toMatchObject({
      title: 'kmswatch',
      licenses: 'Apache-2.0',
      vendor: 'The kmswatch authors',
      version: 'VERSION',
      revision: 'REVISION',
      created: 'CREATED',
      'base.name': 'BASE_IMAGE',
    });
  });

  test('runs as a numbered user that is not root', () => {
    expect(values('USER', runtime)).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  test('writes nowhere but in the state folder', () => {
    expect(values('VOLUME')).toEqual(['["/var/lib/kmswatch"]']);
    expect(values('ENV', runtime)[0]).toMatch(/STATE_DIRECTORY=\/var\/lib\/kmswatch$/);
  });

  test('starts node itself, so that signals reach it', () => {
    expect(JSON.parse(values('ENTRYPOINT')[0] ?? '')).toEqual(['node', '/opt/kmswatch/bin/kmswatch.cjs']);
    expect(JSON.parse(values('CMD')[0] ?? '')).toEqual(['run', '--web.listen', ':11688']);
    expect(values('EXPOSE')).toEqual(['11688']);
  });

  test('is asked for its health without a shell', async () => {
    const [, command = ''] = (values('HEALTHCHECK')[0] ?? '').split(' CMD ');
    expect(JSON.parse(command)).toEqual(['node', '/opt/kmswatch/bin/healthy.cjs']);
    const healthy = (port: string) =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, [join(ROOT, 'bin/healthy.cjs'), port]).once('close', resolve);
      });
    const agent = await startAgent({ config: 'discovery: {domains: []}' });
    expect(await healthy(new URL(agent.url).port)).toBe(0);
    await agent.stop();
    expect(await healthy(new URL(agent.url).port)).toBe(1);
    const folder = await temporaryFolder();
    await makeCertificate(folder, 'own', { sans: 'DNS:kmswatch.example' });
    await folder.write('web.yml', 'tls_server_config: {cert_file: own.pem, key_file: own.key}\n');
    const port = await freePort();
    const config = await folder.write('kmswatch.yml', 'discovery: {domains: []}\nweb: {config_file: web.yml}\n');
    const secret = await startDaemon({
      command: [process.execPath, MAIN, 'run', '--config', config, '--web.listen', `127.0.0.1:${port}`],
      env: { STATE_DIRECTORY: folder.path },
      ready: () => accepts(port),
    });
    expect(await healthy(`${port}`)).toBe(0);
    await secret.stop();
    await folder.remove();
  });

  test('names both architectures that it is for', () => {
    expect(text.split('\n')[0]).toContain('--platform linux/amd64,linux/arm64');
  });

  test('brings the Node of the development dependencies nowhere', () => {
    const runs = values('RUN')
      .filter((value) => value.startsWith('['))
      .map((value) => JSON.parse(value));
    expect(runs).toEqual([
      ['npm', 'ci', '--ignore-scripts'],
      ['npm', 'rebuild', 'kerberos', '--build-from-source', '--nodedir=/usr/local'],
      ['npm', 'run', 'build'],
      ['npm', 'prune', '--omit=dev', '--ignore-scripts'],
    ]);
  });

  test('compiles the login with a keytab in one stage, and has its library in the other', () => {
    const installed = (among: readonly Instruction[]) =>
      values('RUN', among).flatMap(
        (value) =>
          /^apt-get update && apt-get install -y --no-install-recommends (.*?) && rm -rf \/var\/lib\/apt\/lists\/\*/
            .exec(value)?.[1]
            ?.split(' ') ?? [],
      );
    const build = instructions.slice(0, instructions.length - runtime.length);
    expect(installed(build)).toEqual(['g++', 'libkrb5-dev', 'make', 'python3']);
    expect(installed(runtime)).toEqual(['libgssapi-krb5-2', 'libstdc++6']);
  });

  test('copies only what the context lets through', () => {
    const sources = values('COPY')
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(' ').slice(0, -1));
    expect(ignored[1]).toBe('*');
    expect(sources.filter((source) => !ignored.includes(`!${source}`))).toEqual([]);
  });
});

function values(name: string, among: readonly Instruction[] = instructions): string[] {
  return among.filter((instruction) => instruction.name === name).map(({ value }) => value);
}

/** Removes comments and joins continued lines, so that each line is one instruction. */
function parse(file: string): Instruction[] {
  return file
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const space = line.indexOf(' ');
      return { name: line.slice(0, space), value: line.slice(space + 1).trim() };
    });
}
