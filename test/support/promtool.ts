/** Runs rules over series that somebody has written down, with Prometheus' own `promtool test rules`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { peerPath } from '../peers/find-peer.ts';
import { REPOSITORY } from './agent.ts';

export const RULES = join(REPOSITORY, 'alerts/kmswatch.rules.yml');

/** By the series as it is written in a page of metrics, a value for each step; undefined: not there. */
export type Series = ReadonlyMap<string, readonly (number | string | undefined)[]>;

export interface RuleTest {
  readonly name: string;
  /** Seconds between two scrapes, which are evaluations as well. */
  readonly step: number;
  readonly series: Series;
  /** The alerts that fire at a step: labels of `ALERTS`, without `alertstate`. */
  readonly firing: ReadonlyMap<number, readonly Readonly<Record<string, string>>[]>;
}

/** Tests of one step in one run. @returns where the two differ, a line each; empty when nowhere */
export function testRules(tests: readonly RuleTest[]): readonly string[] {
  const file = {
    rule_files: [RULES],
    evaluation_interval: `${tests[0]?.step ?? 60}s`,
    tests: tests.map(({ name, step, series, firing }) => ({
      name,
      interval: `${step}s`,
      input_series: [...series].map(([text, values]) => ({ series: text, values: notation(values) })),
      promql_expr_test: [...firing].map(([at, alerts]) => ({
        expr: 'ALERTS{alertstate="firing"}',
        eval_time: `${at * step}s`,
        exp_samples: alerts.map((labels) => ({
          labels: `ALERTS${labelText({ ...labels, alertstate: 'firing' })}`,
          value: 1,
        })),
      })),
    })),
  };
  if (runPromtool(file) === '') return [];
  // Once in many runs on a busy machine, promtool 2.42 fired one alert a step late, and not in the next run of the same file.
  const output = runPromtool(file);
  return output === '' ? [] : differences(output);
}

/** The series that only one side has, for each expression that failed. */
function differences(output: string): readonly string[] {
  const failures = [...output.matchAll(/time: (\S+),\s+exp: ?(.*)\n\s+got: ?(.*)/g)];
  if (failures.length === 0) return [output];
  return failures.flatMap(([, time, expected = '', got = '']) => {
    const [agent, prometheus] = [samplesIn(expected), samplesIn(got)];
    return [
      ...[...agent].filter((each) => !prometheus.has(each)).map((each) => `${time}: only the agent has ${each}`),
      ...[...prometheus].filter((each) => !agent.has(each)).map((each) => `${time}: only Prometheus has ${each}`),
    ];
  });
}

function samplesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\{__name__="ALERTS", (.*?)\} 1E\+00/g)].map(([, labels = '']) => labels));
}

/** The labels of each sample of a result as text, and its value. */
export type Result = ReadonlyMap<string, number>;

/**
 * What expressions give at the last step of series.
 * @param step seconds between two scrapes
 * @returns by the expression
 */
export function evaluate(series: Series, expressions: readonly string[], step: number): ReadonlyMap<string, Result> {
  const length = Math.max(...[...series.values()].map((values) => values.length));
  const output = runPromtool({
    evaluation_interval: `${step}s`,
    tests: [
      {
        interval: `${step}s`,
        input_series: [...series].map(([text, values]) => ({ series: text, values: notation(values) })),
        // It prints what it got where nothing was expected.
        promql_expr_test: expressions.map((expr) => ({ expr, eval_time: `${(length - 1) * step}s`, exp_samples: [] })),
      },
    ],
  });
  const failure = /expr: (".*"), time: \S+,\s+exp: ?.*\n\s+got: ?(.*)/g;
  const got = new Map(
    [...output.matchAll(failure)].map(
      ([, text = '""', samples = '']) => [JSON.parse(text) as string, samples] as const,
    ),
  );
  if (output.includes(', err: ') || got.size > expressions.length) throw new Error(output);
  return new Map(expressions.map((expr) => [expr, resultOf(got.get(expr) ?? '')]));
}

function resultOf(text: string): Result {
  return new Map(
    [...text.matchAll(/\{([^}]*)\} ([^\s,"]+)/g)].map(([, labels = '', value]) => [labels, Number(value)]),
  );
}

/** @returns the output of promtool; empty if every test passed */
export function runPromtool(file: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'kmswatch-promtool-'));
  try {
    const path = join(folder, 'test.yml');
    writeFileSync(path, stringify(file, { lineWidth: 0, aliasDuplicateObjects: false }));
    const { status, stdout, stderr } = spawnSync(peerPath('promtool'), ['test', 'rules', path], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(', ')}}`;
}

/**
 * Values in promtool's notation, runs of one value as `value x more`. A series that goes away is marked stale, as a
 * scrape does it; otherwise the last value would be found for another 5 minutes.
 */
export function notation(values: Series extends ReadonlyMap<string, infer Values> ? Values : never): string {
  const parts: string[] = [];
  for (let at = 0; at < values.length; ) {
    const value = values[at];
    let end = at;
    while (end < values.length && values[end] === value) end++;
    const length = end - at;
    if (value !== undefined) parts.push(length > 1 ? `${value}x${length - 1}` : String(value));
    else if (at === 0) parts.push(`_x${length}`);
    else parts.push('stale', ...(length > 1 ? [`_x${length - 1}`] : []));
    at = end;
  }
  return parts.join(' ');
}
