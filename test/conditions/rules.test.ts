import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { METRIC_GROUPS } from '../../src/exposition/metrics-table.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { labelText, RULES, type RuleTest, testRules } from '../support/promtool.ts';
import { alertTexts } from './alert-texts.ts';
import { CASES_OF_THEIR_OWN, holdOf, RULE_CASES, type RuleCase, stepOf } from './rule-cases.ts';

const TARGET = { job: 'kmswatch', instance: 'agent:11688' };
const UP = `up${labelText(TARGET)}`;
/** Steps of each phase beyond the hold. */
const MORE = 3;

describeWithPeers('the alert rules', ['promtool'], () => {
  it('have nothing to object to in them (promtool check rules)', () => {
    const { status, stdout, stderr } = spawnSync(
      peerPath('promtool'),
      ['check', 'rules', '--lint=all', '--lint-fatal', RULES],
      { encoding: 'utf8' },
    );
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('SUCCESS')]);
  });

  it('fire after their hold and not before, end with their cause, and end when its series go', () => {
    const steps = [...new Set(RULE_CASES.map(stepOf))];
    const differences = steps.flatMap((step) =>
      testRules(RULE_CASES.filter((each) => stepOf(each) === step).map(lived)),
    );
    expect(differences).toEqual([]);
  });

  it('tell of a gap in a log for a day (KmsEventLogGap)', () => {
    const series = `kms_event_log_gaps_total{host="kms01", ${labelText(TARGET).slice(1)}`;
    const values = Array.from({ length: 30 }, (_, hour) => (hour < 2 ? 1 : 2));
    const alert = { alertname: 'KmsEventLogGap', severity: 'warning', host: 'kms01', ...TARGET };
    // The window has to hold the number before the gap as well.
    expect(firingAt('gap', 3600, { [series]: values }, 30, (hour) => (hour >= 2 && hour <= 25 ? [alert] : []))).toEqual(
      [],
    );
  });

  it('tell of a receiver that nothing reaches (KmswatchNotifierFailing)', () => {
    const own = `receiver="hook", ${labelText(TARGET).slice(1)}`;
    const series = {
      [`kmswatch_notifications_total{result="failed", ${own}`]: Array.from({ length: 40 }, (_, minute) => minute),
      [`kmswatch_notifications_total{result="delivered", ${own}`]: Array.from({ length: 40 }, (_, minute) =>
        Math.max(0, minute - 20),
      ),
    };
    const alert = { alertname: 'KmswatchNotifierFailing', severity: 'warning', receiver: 'hook', ...TARGET };

    expect(firingAt('notifier', 60, series, 40, (minute) => (minute >= 6 && minute <= 20 ? [alert] : []))).toEqual([]);
  });

  it('tell that nobody watches (KmswatchDown)', () => {
    const down = { alertname: 'KmswatchDown', severity: 'critical' };
    const values = Array.from({ length: 40 }, (_, minute) => (minute < 10 ? 1 : minute < 20 ? 0 : undefined));
    const expected = (minute: number) => {
      if (minute < 15) return [];
      if (minute < 20) return [{ ...down, ...TARGET }];
      return minute < 25 ? [] : [{ ...down, job: 'kmswatch' }];
    };
    expect(firingAt('down', 60, { [UP]: values }, 40, expected)).toEqual([]);
  });

  it('say what a person needs, each in its own words', async () => {
    const texts = alertTexts(RULE_CASES, TARGET);
    expect(texts).not.toMatch(/error expanding|<no value>|NaN|%!/);
    expect(texts.match(/^(critical|warning) Kms.*\n {2}\S.*\n {2}\S/gm)).toHaveLength(RULE_CASES.length);
    await expect(texts).toMatchFileSnapshot('../data/alert-texts.txt');
  });
});

it('are each tested', () => {
  const tested = new Set([...RULE_CASES.map(({ alert }) => alert), ...CASES_OF_THEIR_OWN]);
  expect(CATALOGUE.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

it('read no metric that there is not', () => {
  const table = new Set(METRIC_GROUPS.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const read = CATALOGUE.flatMap(({ promql }) => promql.match(/\bkms(?:watch)?_\w+/g) ?? []);
  expect([...new Set(read)].filter((name) => !table.has(name))).toEqual([]);
});

/** Well, wrong for its hold and a while, well again, wrong again, and then not there any more. */
function lived(ruleCase: RuleCase): RuleTest {
  const step = stepOf(ruleCase);
  const hold = holdOf(ruleCase.alert, ruleCase.labels['severity'] ?? '') / 1000 / step;
  const phases = [
    ...new Array(MORE).fill('good'),
    ...new Array(hold + MORE).fill('bad'),
    ...new Array(MORE).fill('good'),
    ...new Array(hold + MORE).fill('bad'),
    ...new Array(MORE).fill('missing'),
  ];
  const value = (values: RuleCase['series'][string], index: number): number | undefined => {
    if (phases[index] === 'missing') return undefined;
    const chosen = values[phases[index] === 'bad' ? 1 : 0];
    return typeof chosen === 'number' ? chosen : chosen(index * step);
  };
  const series = new Map<string, (number | undefined)[]>([[UP, phases.map(() => 1)]]);
  for (const [text, values] of Object.entries(ruleCase.series)) {
    series.set(
      withTarget(text),
      phases.map((_, index) => value(values, index)),
    );
  }
  const alert = { alertname: ruleCase.alert, ...ruleCase.labels, ...TARGET };
  let held = 0;
  const firing = phases.map((phase, index) => {
    held = phase === 'bad' ? held + 1 : 0;
    return [index, held > hold ? [alert] : []] as const;
  });
  return { name: ruleCase.alert, step, series, firing: new Map(firing) };
}

function firingAt(
  name: string,
  step: number,
  series: Readonly<Record<string, readonly (number | undefined)[]>>,
  steps: number,
  expected: (index: number) => readonly Readonly<Record<string, string>>[],
): readonly string[] {
  const firing = new Map(Array.from({ length: steps }, (_, index) => [index, expected(index)] as const));
  const up = new Array(steps).fill(1);
  return testRules([{ name, step, series: new Map(Object.entries({ [UP]: up, ...series })), firing }]);
}

function withTarget(series: string): string {
  return series.replace(
    /\{(.*)\}$/,
    (_, labels) => `{${labels === '' ? '' : `${labels}, `}${labelText(TARGET).slice(1)}`,
  );
}
