import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Instruction {
  readonly name: string;
  readonly value: string;
}

const instructions = parse(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
const runtime = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
const ignored = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');

describe('Dockerfile', () => {
  test('has instructions that the builder knows, and no other', () => {
    const known = 'ARG FROM WORKDIR COPY RUN LABEL ENV USER VOLUME EXPOSE ENTRYPOINT CMD'.split(' ');
    expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('builds in one stage and runs in another, on one pinned base', () => {
    expect(values('FROM')).toEqual([`\${NODE_IMAGE} AS build`, `\${NODE_IMAGE}`]);
    expect(values('ARG')).toEqual([
      expect.stringMatching(/^NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim(@sha256:\w+)?$/),
    ]);
    expect(values('LABEL')[0]).toContain(
      `base.name="docker.io/library/${values('ARG')[0]?.slice('NODE_IMAGE='.length)}"`,
    );
  });

  test('runs as a numbered user that is not root', () => {
    expect(values('USER', runtime)).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
  });

  test('writes nowhere but in the state folder', () => {
    expect(values('VOLUME')).toEqual(['["/var/lib/kmswatch"]']);
    expect(values('ENV')[0]).toMatch(/STATE_DIRECTORY=\/var\/lib\/kmswatch$/);
  });

  test('starts node itself, so that signals reach it', () => {
    expect(JSON.parse(values('ENTRYPOINT')[0] ?? '')).toEqual(['node', '/opt/kmswatch/bin/kmswatch.cjs']);
    expect(JSON.parse(values('CMD')[0] ?? '')).toEqual(['run', '--web.listen', ':11688']);
    expect(values('EXPOSE')).toEqual(['11688']);
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
          /^apt-get update && apt-get install -y --no-install-recommends (.*?) && rm -rf \/var\/lib\/apt\/lists\/\*$/
            .exec(value)?.[1]
            ?.split(' ') ?? [],
      );
    const build = instructions.slice(0, instructions.length - runtime.length);
    expect(installed(build)).toEqual(['g++', 'libkrb5-dev', 'make', 'python3']);
    expect(installed(runtime)).toEqual(['libgssapi-krb5-2']);
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
function parse(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const space = line.indexOf(' ');
      return { name: line.slice(0, space), value: line.slice(space + 1).trim() };
    });
}
