import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { z } from 'zod';

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), ancestorTitles: z.array(z.string()) })),
    }),
  ),
});

export interface Figures {
  readonly passed: number;
  readonly failed: number;
  /** One line for each suite that was skipped: its file and its title, which names the missing peers. */
  readonly skipped: readonly string[];
}

/** Reads the output of Vitest's JSON reporter. No report at all counts as one failure. */
export async function readFigures(file: string): Promise<Figures> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text === '' ? { passed: 0, failed: 1, skipped: [] } : figuresOf(JSON.parse(text));
}

export function figuresOf(json: unknown): Figures {
  const { numPassedTests, numFailedTests, success, testResults } = report.parse(json);
  // A file that could not be loaded has no test to count, yet it failed; so does a run with a stray error.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = numFailedTests + broken;
  return {
    passed: numPassedTests,
    failed: success ? failed : Math.max(failed, 1),
    skipped: skippedSuites(testResults),
  };
}

function skippedSuites(files: z.infer<typeof report>['testResults']): string[] {
  const lines = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped' || status === 'pending')
      .map(({ ancestorTitles }) => `${relative(process.cwd(), name)}: ${ancestorTitles.join(' > ')}`),
  );
  return [...new Set(lines)];
}
