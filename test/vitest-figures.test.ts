import { join } from 'node:path';
import { expect, test } from 'vitest';
import { figuresOf, readFigures } from './vitest-figures.ts';

const file = (status: string, ...tests: { status: string; ancestorTitles: string[] }[]) => ({
  name: join(process.cwd(), 'test/e2e/bind.test.ts'),
  status,
  assertionResults: tests,
});

test('passes on the figures of Vitest', () => {
  const json = { numPassedTests: 7, numFailedTests: 2, success: false, testResults: [] };
  expect(figuresOf(json)).toEqual({ passed: 7, failed: 2, skipped: [] });
});

test('counts a file that could not be loaded', () => {
  const json = { numPassedTests: 7, numFailedTests: 0, success: false, testResults: [file('failed')] };
  expect(figuresOf(json)).toMatchObject({ passed: 7, failed: 1 });
});

test('counts a run that failed for another reason than a test', () => {
  const json = { numPassedTests: 7, numFailedTests: 0, success: false, testResults: [file('passed')] };
  expect(figuresOf(json)).toMatchObject({ failed: 1 });
});

test('names each skipped suite once, with its file', () => {
  const skipped = { status: 'skipped', ancestorTitles: ['BIND answers (needs named)'] };
  const json = {
    numPassedTests: 7,
    numFailedTests: 0,
    success: true,
    testResults: [file('passed', skipped, skipped)],
  };
  expect(figuresOf(json)).toEqual({
    passed: 7,
    failed: 0,
    skipped: ['test/e2e/bind.test.ts: BIND answers (needs named)'],
  });
});

test('takes a missing report for a failure', async () => {
  expect(await readFigures('/nonexistent/report.json')).toEqual({ passed: 0, failed: 1, skipped: [] });
});
