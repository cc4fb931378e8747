import { labelText, RULES, runPromtool } from '../support/promtool.ts';
import { holdOf, type RuleCase, stepOf } from './rule-cases.ts';

/**
 * The text of each alert when it fires, as Prometheus renders it. promtool prints the actual alerts if they differ from
 * the expected ones, and here none are expected.
 */
export function alertTexts(cases: readonly RuleCase[], target: Readonly<Record<string, string>>): string {
  const texts = new Map<RuleCase, string>();
  for (const step of new Set(cases.map(stepOf))) {
    const theirs = cases.filter((each) => stepOf(each) === step);
    const output = runPromtool({
      rule_files: [RULES],
      evaluation_interval: `${step}s`,
      tests: theirs.map((ruleCase) => testOf(ruleCase, target)),
    });
    const blocks = output.split(/^\s*alertname: /m).slice(1);
    for (const [index, ruleCase] of theirs.entries()) texts.set(ruleCase, textOf(ruleCase, blocks[index] ?? ''));
  }
  return cases.map((ruleCase) => texts.get(ruleCase)).join('\n');
}

function testOf(ruleCase: RuleCase, target: Readonly<Record<string, string>>) {
  const { alert, labels, series, evidence = {} } = ruleCase;
  const own = labelText(target).slice(1);
  const step = stepOf(ruleCase);
  const steps = holdOf(alert, labels) / 1000 / step + 2;
  const values = Object.entries({ ...series, ...evidence }).map(([text, [, bad]]) => ({
    series: text.replace(/\{(.*)\}$/, (_, inner) => `{${inner === '' ? '' : `${inner}, `}${own}`),
    values: Array.from({ length: steps + 1 }, (_, at) => (typeof bad === 'number' ? bad : bad(at * step))).join(' '),
  }));
  return {
    interval: `${step}s`,
    input_series: [...values, { series: `up${labelText(target)}`, values: `1x${steps}` }],
    alert_rule_test: [{ alertname: alert, eval_time: `${step * steps}s`, exp_alerts: [{ exp_labels: { none: '1' } }] }],
  };
}

function textOf({ alert, labels }: RuleCase, block: string): string {
  const texts = [...block.matchAll(/(summary|description)="((?:[^"\\]|\\.)*)"/g)]
    .map(([, name, text]) => [name, JSON.parse(`"${text}"`)] as const)
    .sort(([a], [b]) => (a === b ? 0 : a === 'summary' ? -1 : 1));
  const severity = labels['severity'] ?? '';
  const head = `${severity} ${alert}, after ${holdOf(alert, labels) / 60_000} min`;
  return [head, ...texts.map(([, text]) => `  ${text}`), ''].join('\n');
}
