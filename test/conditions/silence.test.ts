/** What Prometheus says when it hears nothing more: all series of an agent end at once, though all may be as it was. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { EXPLANATIONS } from '../../src/conditions/causes.ts';
import { fits } from '../../src/conditions/explained.ts';
import { HOUR_MS, MINUTE_MS, MINUTE_S } from '../../src/kernel/time.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { labelText, notation, RULES, runPromtool, type Series } from '../support/promtool.ts';
import { holdOf, RULE_CASES, type RuleCase } from './rule-cases.ts';

type Value = number | undefined;
type Labels = Readonly<Record<string, string>>;

const TARGET = { job: 'kmswatch', site: 'hq', instance: 'a:11688' };
const TWIN = { ...TARGET, instance: 'b:11688' };
/** Minutes of silence: longer than any alert about it waits. */
const SILENCE = 25;
/** By this minute each alert has fired. */
const TOLD = HOUR_MS / MINUTE_MS + 3;
/** An alert that takes a day to fire makes no shorter test for it; its time is checked by itself. */
const CASES = RULE_CASES.filter(({ alert, labels }) => holdOf(alert, labels) <= HOUR_MS);

describeWithPeers('what is still true is reported, or hidden by what took its samples away', ['promtool'], () => {
  it('when the only agent of a site dies', () => {
    expect(untold(CASES.map((each, index) => ended(each, index, 0)))).toEqual([]);
  });

  it('when a site sends nothing any more', () => {
    expect(untold(CASES.map((each, index) => ended(each, index, undefined)))).toEqual([]);
  });

  it.each([2, 4, 7, 30])('when the last agent dies and its site falls silent %i minutes later', (minutes) => {
    const lives = {
      up: run([1, 10], [0, minutes], [undefined, SILENCE]),
      info: run([1, 10], [undefined, minutes + SILENCE]),
    };
    // No message was sent of these few minutes.
    const from = minutes < 5 ? 10 + minutes + 15 : 15;
    expect(untold([{ site: 'hq', from, alerts: [], series: agents([TARGET, lives]) }])).toEqual([]);
  });

  it('when the second agent of a pair dies as well, and when the site falls silent then', () => {
    const first = { up: run([1, 5], [0, 65]), info: run([1, 5], [undefined, 65]) };
    const second = { up: run([1, 40], [0, 30]), info: run([1, 40], [undefined, 30]) };
    const both = agents([TARGET, first], [TWIN, second]);
    const silent = agents(
      [TARGET, { ...first, up: run([1, 5], [0, 35], [undefined, SILENCE]) }],
      [TWIN, { ...second, up: run([1, 40], [undefined, SILENCE]) }],
    );
    const alerts = ['KmswatchReplicaDown'];
    expect(untold([{ site: 'hq', from: 20, alerts, series: both }])).toEqual([]);
    expect(untold([{ site: 'hq', from: 20, alerts, series: silent }])).toEqual([]);
  });
});

describeWithPeers('KmswatchDown of a site that fell silent', ['promtool'], () => {
  it('ends when an agent is heard again, and there is none of a site whose agent was up', () => {
    const lives = { up: run([1, 5], [0, 10], [undefined, 20], [1, 5]), info: run([1, 5], [undefined, 30], [1, 5]) };
    const gone = { up: run([1, 10], [undefined, 30]), info: run([1, 10], [undefined, 30]) };
    const well = { up: run([1, 40]), info: run([1, 40]) };
    const series = agents([TARGET, lives], [{ ...TARGET, site: 'emea' }, gone], [{ ...TARGET, site: 'asia' }, well]);
    const down = 'count by (site) (ALERTS{alertname="KmswatchDown", alertstate="firing"})';
    const at = (minute: number, samples: readonly string[]) => ({
      expr: down,
      eval_time: `${minute}m`,
      exp_samples: samples.map((labels) => ({ labels, value: 1 })),
    });
    const expected = [at(9, []), at(10, ['{site="hq"}']), at(34, ['{site="hq"}']), at(35, []), at(39, [])];
    expect(runPromtool(file(series, expected))).toBe('');
  });
});

describe('the catalogue', () => {
  it('keeps each condition until the one that hides its end has fired', () => {
    const silences = EXPLANATIONS.filter(({ effects }) => effects.names === 'all');
    const names = silences.flatMap(({ cause }) => cause.names);
    expect(names).toEqual(['KmswatchDown', 'KmswatchSiteMissing']);
    const short = CATALOGUE.filter(({ name }) => !names.includes(name)).flatMap((condition) => {
      const fault = { name: condition.name, severity: condition.severity, subject: {} };
      const causes = silences.filter(({ effects }) => fits(effects, fault)).flatMap(({ cause }) => cause.names);
      const holds = CATALOGUE.filter(({ name }) => causes.includes(name)).map(({ hold }) => hold);
      const isLong = (condition.keepFiring ?? 0) > Math.max(...holds) + MINUTE_MS;
      return isLong && holds.length === 2 ? [] : [condition.name];
    });
    expect(short).toEqual([]);
  });
});

interface Silence {
  readonly site: string;
  /** The minute from which on something has to be reported. */
  readonly from: number;
  /** Beside those about the silence. */
  readonly alerts: readonly string[];
  readonly series: Series;
}

/** @returns when neither an alert of a site fires nor one about the silence, a line each */
function untold(silences: readonly Silence[]): readonly string[] {
  const series = new Map(silences.flatMap((each) => [...each.series]));
  const length = Math.max(...[...series.values()].map((values) => values.length));
  const checks = silences.flatMap(({ site, from, alerts }) => {
    const names = ['KmswatchDown', 'KmswatchSiteMissing', ...alerts].join('|');
    return Array.from({ length: length - from }, (_, index) => ({
      expr: `group(ALERTS{alertname=~"${names}", alertstate="firing", site="${site}"})`,
      eval_time: `${from + index}m`,
      exp_samples: [{ labels: '{}', value: 1 }],
    }));
  });
  const output = runPromtool(file(series, checks));
  const failures = [...output.matchAll(/expr: "(.*)", time: (\S+),/g)];
  if (output !== '' && failures.length === 0) return [output];
  return failures.map(([, expr = '', time]) => `${/Missing\|?([^"\\]*)/.exec(expr)?.[1]} at ${time}`);
}

function file(series: Series, checks: readonly object[]): object {
  return {
    rule_files: [RULES],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [...series].map(([text, values]) => ({ series: text, values: notation(values) })),
        promql_expr_test: checks,
      },
    ],
  };
}

/**
 * At its own site: it is wrong until a message says so, and then its agent is not heard from any more.
 * @param up what is left of the agent
 */
function ended({ alert, labels, series }: RuleCase, index: number, up: 0 | undefined): Silence {
  const target = { ...TARGET, site: `site${index}` };
  const own = Object.entries(series).map(([text, [, bad]]) => {
    const told = Array.from({ length: TOLD }, (_, minute) => (typeof bad === 'number' ? bad : bad(minute * MINUTE_S)));
    const values = [...told, ...run([undefined, SILENCE])];
    return [withTarget(text, target), values] as const;
  });
  const lives = { up: run([1, TOLD], [up, SILENCE]), info: run([1, TOLD], [undefined, SILENCE]) };
  return {
    site: target.site,
    from: holdOf(alert, labels) / MINUTE_MS + 1,
    alerts: [alert],
    series: new Map([...own, ...agents([target, lives])]),
  };
}

function agents(...all: readonly (readonly [Labels, { readonly up: Value[]; readonly info: Value[] }])[]): Series {
  return new Map(
    all.flatMap(([target, { up, info }]) => [
      [`up${labelText(target)}`, up] as const,
      [`kmswatch_build_info${labelText(target)}`, info] as const,
    ]),
  );
}

/** So many minutes of each value. */
function run(...parts: readonly (readonly [Value, number])[]): Value[] {
  return parts.flatMap(([value, length]) => new Array<Value>(length).fill(value));
}

function withTarget(series: string, target: Labels): string {
  return series.replace(/\{(.*)\}$/, (_, own) => `{${own === '' ? '' : `${own}, `}${labelText(target).slice(1)}`);
}
