import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import type { Condition, Severity } from '../../src/conditions/condition.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { labelText, type RuleTest, testRules } from '../support/promtool.ts';
import { AgreementWorld } from './agreement-world.ts';
import { targetOf } from './rule-cases.ts';

/** More by `AGREEMENT_WORLDS`, for a long night. */
const WORLDS = Number(process.env['AGREEMENT_WORLDS'] ?? 6);

/** Each has conditions that the others cannot come to: holds of minutes, of days, and forecasts of weeks. */
const PACES = [
  { name: 'a minute a step', step: 60, steps: 90 },
  { name: 'five minutes a step', step: 300, steps: 70 },
  { name: 'an hour a step', step: 3600, steps: 60 },
  { name: 'twelve hours a step', step: 43_200, steps: 64 },
] as const;

/** The metrics that rules read. */
const NAMES = new Set(CATALOGUE.flatMap(({ promql }) => promql.match(/\bkms(?:watch)?_\w+/g) ?? []));

/** Prometheus alone knows of itself; test/e2e/alerting.test.ts ends an agent and hears of these. */
const NOT_MADE_HERE = CATALOGUE.filter(({ evaluate }) => evaluate === undefined).map(nameOf);

describeWithPeers('agent and Prometheus', ['promtool'], () => {
  const seen = new Set<string>();

  it.each(PACES)(
    'agree in every state of every estate, $name, many sites in one Prometheus',
    async ({ name, step, steps }) => {
      const test = await lived(name, step, steps);
      for (const alerts of test.firing.values()) {
        for (const { alertname = '', severity = '', ...labels } of alerts)
          seen.add(nameOf({ name: alertname, severity: severity as Severity, labels }));
      }
      expect(testRules([test])).toEqual([]);
    },
  );

  it('have agreed about every condition at least once', () => {
    expect(CATALOGUE.map(nameOf).filter((name) => !seen.has(name))).toEqual(NOT_MADE_HERE);
  });
});

/** Entries may have one name: then a severity or a label tells them apart. */
function nameOf({ name, severity, labels = {} }: Pick<Condition, 'name' | 'severity' | 'labels'>): string {
  const own = ['partial', 'clock'].flatMap((label) => (labels[label] === undefined ? [] : [label]));
  return `${name} (${[severity, ...own].join(', ')})`;
}

function labelsOf(
  { alertname = '', severity = '' }: Readonly<Record<string, string>>,
  target: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return targetOf(alertname, severity, target);
}

/** All worlds are scraped by one Prometheus: their hosts have the same names, so that a join that mixes them shows. */
async function lived(name: string, step: number, steps: number): Promise<RuleTest> {
  const series = new Map<string, (string | undefined)[]>();
  const firing = new Map<number, Readonly<Record<string, string>>[]>();
  for (let index = 0; index <= steps; index++) firing.set(index, []);
  // The last one is empty.
  for (let world = 0; world <= WORLDS; world++) {
    // Sites whose agents are called the same: only the label keeps them apart.
    const target = { job: 'kmswatch', site: `site${world}`, instance: 'localhost:11688' };
    series.set(`up${labelText(target)}`, new Array(steps + 1).fill('1'));
    const watched = new AgreementWorld(`${name}/${world}`, step, world === WORLDS);
    for (let index = 1; index <= steps; index++) {
      const moment = await watched.moment(index);
      firing.get(index)?.push(...moment.firing.map((labels) => ({ ...labels, ...labelsOf(labels, target) })));
      // The agent fills in a remedy's template by itself.
      expect(moment.remedies.filter((remedy) => remedy.includes('{{'))).toEqual([]);
      scrape(moment.page, target, (text, value) => {
        const values = series.get(text) ?? new Array(steps + 1).fill(undefined);
        values[index] = value;
        series.set(text, values);
      });
    }
  }
  return { name, step, series, firing };
}

function scrape(
  page: string,
  target: Readonly<Record<string, string>>,
  take: (series: string, value: string) => void,
): void {
  const own = labelText(target).slice(1, -1);
  for (const line of page.split('\n')) {
    const [, name = '', labels, value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (NAMES.has(name)) take(`${name}{${labels === undefined ? own : `${labels}, ${own}`}}`, value);
  }
}
