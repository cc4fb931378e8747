import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

test.each(['CONTRIBUTING.md', 'RELEASING.md', '.github/pull_request_template.md'])(
  '%s names npm scripts that exist',
  (file) => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(file).matchAll(/npm run ([a-z-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(0);
  },
);

test('variables that CONTRIBUTING.md names are read by a test', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`([A-Z_]+)=\d+`/g)].map(([, name = '']) => name);
  const tests = globSync('test/**/*.test.ts', { cwd: ROOT }).map(read).join('\n');
  expect(named).toContain('MODEL_RUNS');
  expect(named.filter((name) => !tests.includes(`process.env['${name}']`))).toEqual([]);
});

test('the workflow runs .ci/run, and the forms have what a forge needs', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml'));
  expect(jobs.run.steps.map(({ run }: { run?: string }) => run)).toContain('.ci/run');
  for (const form of ['bug', 'idea']) {
    expect(parse(read(`.github/ISSUE_TEMPLATE/${form}.yml`))).toMatchObject({
      name: expect.any(String),
      description: expect.any(String),
      body: expect.arrayContaining([expect.objectContaining({ type: 'textarea' })]),
    });
  }
  const { updates } = parse(read('.github/dependabot.yml'));
  expect(updates.map((each: { 'package-ecosystem': string }) => each['package-ecosystem'])).toContain('npm');
});
