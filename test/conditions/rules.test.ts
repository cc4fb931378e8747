import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { METRIC_GROUPS } from '../../src/exposition/metrics-table.ts';
import { peerPath } from '../peers/find-peer.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { labelText, RULES, type RuleTest, testRules } from '../support/promtool.ts';
import { alertTexts } from './alert-texts.ts';
import { CASES_OF_THEIR_OWN, holdOf, keepOf, RULE_CASES, type RuleCase, stepOf, targetOf } from './rule-cases.ts';

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

  it('make one alert of what two agents of a site say, and lose none while one of them is gone', () => {
    const cases = RULE_CASES.filter(({ alert, labels }) => {
      const agents = CONDITIONS.get(`${labels['severity']} ${alert}`)?.scope;
      return agents !== 'agent' && stepOf({ alert, labels, series: {} }) === 60;
    });
    expect(new Set(cases.map(({ alert }) => alert)).size).toBeGreaterThan(12);
    expect(testRules(cases.map((each) => paired(lived(each))))).toEqual([]);
  });

  it('do not say that a host is down which another agent of the site sees up', () => {
    const agents = ['a', 'b'].map((name) => ({ job: 'kmswatch', site: 'hq', instance: `${name}:11688` }));
    const of = (metric: string, labels: string, values: readonly [number, number]) =>
      Object.fromEntries(
        agents.map((agent, index) => [
          `${metric}{${labels}${labels === '' ? '' : ', '}${labelText(agent).slice(1)}`,
          new Array(30).fill(values[index]),
        ]),
      );
    const port = 'host="kms01", port="1688"';
    const seen = (up: readonly [number, number]) => ({
      ...of('up', '', [1, 1]),
      ...of('kms_domain_endpoint_info', `domain="a.example", ${port}`, [1, 1]),
      ...of('kms_host_up', port, up),
      ...of('kms_estate_hosts_info', 'domain="a.example", hosts="kms01"', [1, 1]),
      ...of('kms_domain_hosts', 'domain="a.example"', [1, 1]),
      ...of('kms_domain_hosts_unknown', 'domain="a.example"', [0, 0]),
      ...of('kms_domain_hosts_up', 'domain="a.example"', up),
    });
    const site = { job: 'kmswatch', site: 'hq', domain: 'a.example' };
    const down = [
      { alertname: 'KmsHostDown', severity: 'warning', host: 'kms01', port: '1688', ...site },
      { alertname: 'KmsNoHostAvailable', severity: 'critical', hosts: 'kms01', ...site },
    ];
    expect(firingAt('one sees it', 60, seen([0, 1]), 30, () => [], false)).toEqual([]);
    expect(firingAt('none sees it', 60, seen([0, 0]), 30, (minute) => (minute >= 5 ? down : []), false)).toEqual([]);
  });

  it('say nothing that rests on a log while its history is coming in', () => {
    const resting = RULE_CASES.filter(({ alert, series }) => {
      const { promql = '' } = CATALOGUE.find(({ name }) => name === alert) ?? {};
      const isOfReport = Object.keys(series).some((text) => /^kms_host_(activations_up|dns_publishing)\b/.test(text));
      return promql.includes('kms_host_activations_reading') && !(isOfReport && alert !== 'KmsHostIdle');
    });
    expect(new Set(resting.map(({ alert }) => alert)).size).toBeGreaterThan(12);
    const differences = [...new Set(resting.map(stepOf))].flatMap((step) =>
      testRules(
        resting.filter((each) => stepOf(each) === step).map((each) => ({ ...lived(read(each)), firing: new Map() })),
      ),
    );
    expect(differences).toEqual([]);
  });

  it('tell of a gap in a log for a day (KmsEventLogGap)', () => {
    const own = `host="kms01", ${labelText(TARGET).slice(1)}`;
    const values = Array.from({ length: 200 }, (_, step) => (step < 8 ? 1 : 2));
    const alert = { alertname: 'KmsEventLogGap', severity: 'warning', host: 'kms01', domain: 'a.example', ...TARGET };
    const series = {
      [`kms_event_log_gaps_total{${own}`]: values,
      [`kms_domain_host_info{domain="a.example", ${own}`]: values.map(() => 1),
    };
    // The window has to hold the number before the gap as well; then 15 minutes, and 17 at its end.
    const isTold = (step: number) => step >= 9 && step < 8 + 96 + 2;
    expect(firingAt('gap', 900, series, 200, (step) => (isTold(step) ? [alert] : []))).toEqual([]);
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

    expect(firingAt('notifier', 60, series, 40, (minute) => (minute >= 6 && minute <= 37 ? [alert] : []))).toEqual([]);
  });

  it('tell that nobody watches, whatever the job is called (KmswatchDown)', () => {
    const down = { alertname: 'KmswatchDown', severity: 'critical' };
    const values = Array.from({ length: 40 }, (_, minute) => (minute < 10 ? 1 : minute < 20 ? 0 : undefined));
    for (const job of ['kmswatch', 'monitoring/kmswatch/0', 'windows-licences']) {
      const target = labelText({ job, instance: 'a:11688' });
      const series = {
        [`up${target}`]: values,
        [`kmswatch_build_info${target}`]: values.map((value) => (value === 1 ? 1 : undefined)),
      };
      const expected = (minute: number) => {
        if (minute < 15) return [];
        if (minute < 20) return [{ ...down, job }];
        return minute < 25 ? [] : [down];
      };
      expect(firingAt('down', 60, series, 40, expected, false)).toEqual([]);
    }
  });

  it('tell of one agent of two that is down, and of nothing more (KmswatchReplicaDown)', () => {
    const agents = ['a', 'b'].map((name) => ({ job: 'kmswatch', site: 'hq', instance: `${name}:11688` }));
    const series = Object.fromEntries(
      agents.map((agent, index) => [
        `up${labelText(agent)}`,
        Array.from({ length: 60 }, (_, minute) => (index === 0 && minute >= 10 ? 0 : 1)),
      ]),
    );
    const alert = { alertname: 'KmswatchReplicaDown', severity: 'warning', ...agents[0] };
    expect(firingAt('replica', 60, series, 60, (minute) => (minute >= 25 ? [alert] : []), false)).toEqual([]);
  });

  it('tell of a site that fell silent while others go on (KmswatchSiteMissing)', () => {
    const agents = ['hq', 'branch'].map((site) => ({ job: 'kmswatch', site, instance: 'localhost:11688' }));
    const series = Object.fromEntries(
      agents.flatMap((agent) => {
        const values = Array.from({ length: 60 }, (_, minute) =>
          agent.site === 'branch' && minute >= 10 ? undefined : 1,
        );
        return [`up${labelText(agent)}`, `kmswatch_build_info${labelText(agent)}`].map(
          (name) => [name, values] as const,
        );
      }),
    );
    const alert = { alertname: 'KmswatchSiteMissing', severity: 'critical', job: 'kmswatch', site: 'branch' };
    expect(firingAt('site', 60, series, 60, (minute) => (minute >= 25 ? [alert] : []), false)).toEqual([]);
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

const CONDITIONS = new Map(CATALOGUE.map((condition) => [`${condition.severity} ${condition.name}`, condition]));

/** The same seen by two agents, of which the second is not there at first and the first dies half-way: the alerts stay. */
function paired(test: RuleTest): RuleTest {
  const series = new Map<string, (number | string | undefined)[]>();
  for (const [text, values] of test.series) {
    const length = values.length;
    series.set(
      text.replace('agent:11688', 'a:11688'),
      values.map((value, at) => (at > length / 2 ? undefined : value)),
    );
    series.set(
      text.replace('agent:11688', 'b:11688'),
      values.map((value, at) => (at < 3 ? undefined : value)),
    );
  }
  return { ...test, series };
}

/** The same while the history of the host's log is coming in. */
function read(ruleCase: RuleCase): RuleCase {
  return {
    ...ruleCase,
    series: { ...ruleCase.series, 'kms_host_activations_reading{host="kms01.corp.example"}': [1, 1] },
  };
}

/** Well, wrong for its hold and a while, well again, wrong again, and then not there any more. */
function lived(ruleCase: RuleCase): RuleTest {
  const step = stepOf(ruleCase);
  const hold = holdOf(ruleCase.alert, ruleCase.labels) / 1000 / step;
  const keep = keepOf(ruleCase.alert, ruleCase.labels) / 1000 / step;
  const phases = [
    ...new Array(MORE).fill('good'),
    ...new Array(hold + MORE).fill('bad'),
    // It wavers: that is no end.
    ...(keep > 1 ? ['good', 'bad'] : []),
    ...new Array(Math.ceil(keep) + MORE).fill('good'),
    ...new Array(hold + MORE).fill('bad'),
    ...new Array(Math.ceil(keep) + MORE).fill('missing'),
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
  const target = targetOf(ruleCase.alert, ruleCase.labels['severity'] ?? '', TARGET);
  const alert = { alertname: ruleCase.alert, ...ruleCase.labels, ...target };
  let held = 0;
  let over = 0;
  let isFiring = false;
  const firing = phases.map((phase, index) => {
    held = phase === 'bad' ? held + 1 : 0;
    over = phase === 'bad' ? 0 : over + 1;
    isFiring = held > hold || (isFiring && (held > 0 || over <= Math.ceil(keep)));
    return [index, isFiring ? [alert] : []] as const;
  });
  return { name: ruleCase.alert, step, series, firing: new Map(firing) };
}

function firingAt(
  name: string,
  step: number,
  series: Readonly<Record<string, readonly (number | undefined)[]>>,
  steps: number,
  expected: (index: number) => readonly Readonly<Record<string, string>>[],
  isUp = true,
): readonly string[] {
  const firing = new Map(Array.from({ length: steps }, (_, index) => [index, expected(index)] as const));
  const up = new Array(steps).fill(1);
  return testRules([
    { name, step, series: new Map(Object.entries({ ...(isUp ? { [UP]: up } : {}), ...series })), firing },
  ]);
}

function withTarget(series: string): string {
  return series.replace(
    /\{(.*)\}$/,
    (_, labels) => `{${labels === '' ? '' : `${labels}, `}${labelText(TARGET).slice(1)}`,
  );
}
