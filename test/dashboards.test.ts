import { describe, expect, it, test } from 'vitest';
import { FRAMES } from '../dashboards/source/all.ts';
import { build } from '../dashboards/source/frame.ts';
import { variable } from '../dashboards/source/promql.ts';
import { CATALOGUE } from '../src/conditions/catalogue.ts';
import { METRIC_GROUPS } from '../src/exposition/metrics-table.ts';
import { parsePromql, withoutVariables } from './support/promql.ts';

/** A dashboard as in its file, with only the parts that are checked here. */
interface Panel {
  readonly id?: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly { readonly matcher: { readonly id: string; readonly options?: unknown } }[];
  };
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

interface Variable {
  readonly name: string;
  readonly label?: string;
  readonly type: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
  readonly query?: unknown;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const DASHBOARDS = FRAMES.map((frame) => JSON.parse(JSON.stringify(build(frame))) as Dashboard);
/** The names that a query can have: Prometheus stores a summary as its sum and its count. */
const TABLE = METRIC_GROUPS.flatMap(({ metrics }) =>
  metrics.flatMap(({ name, type }) => (type === 'summary' ? [`${name}_sum`, `${name}_count`] : [name])),
);
/** Of the process and of Node.js, which prom-client adds; and Prometheus' own series of alerts. */
const OTHERS = /^(process_|nodejs_|ALERTS$)/;

/** Rules of the linter that do not fit, each with its reason. */
const EXCUSED = {
  /** Prometheus writes ALERTS with the labels of the rule's result, which may have lost those of the target. */
  targetLabels: (metric: string) => metric === 'ALERTS',
  /** "Activity by day" shows days, and a host's counts are per hour, however long the time range is. */
  rateInterval: (range: string) => range === '1d' || range === '1h',
};

/** Metrics that no dashboard and no rule reads, and why they are there. */
const UNUSED: Readonly<Record<string, string>> = {
  kmswatch_external_url_info: 'The annotations of the alerts take their links to the agent from it.',
  kms_dns_srv_record_servers_info: 'The text of KmsDnsServersDisagree names the servers by it.',
  kms_activation_object_info:
    'For those who ask which objects there are; the alert is about those that are not expected.',
};

function onlyRises(metric: string): boolean {
  return /_(sum|count)$/.test(metric) || (metric.endsWith('_total') && metric !== 'kms_event_log_gaps_total');
}

function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return dashboard.panels.filter(({ type }) => type !== 'row');
}

function expressionsOf(dashboard: Dashboard): readonly string[] {
  return panelsOf(dashboard).flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
}

/** The rules of grafana/dashboard-linter, by their names there. */
describe.each(DASHBOARDS.map((dashboard) => [dashboard.title, dashboard] as const))('%s', (_title, dashboard) => {
  const variables = dashboard.templating.list;

  it('template-datasource-rule: one data source, chosen by a variable', () => {
    const sources = variables.filter(({ type }) => type === 'datasource');
    expect(sources).toMatchObject([{ name: 'datasource', label: 'Data source', query: 'prometheus' }]);
  });

  it('template-job-rule, template-instance-rule: several can be chosen, and all', () => {
    for (const name of ['job', 'site', 'instance']) {
      expect(variables.find((variable) => variable.name === name)).toMatchObject({
        label: name,
        multi: true,
        includeAll: true,
        // Agents need no site.
        allValue: name === 'site' ? '.*' : '.+',
      });
    }
  });

  it('template-label-promql-rule, template-on-time-change-reload-rule', () => {
    for (const { name, query, refresh } of variables.filter(({ type }) => type === 'query')) {
      const [, selector = '', label] = /^label_values\((.*), (\w+)\)$/.exec((query as { query: string }).query) ?? [];
      expect(parsePromql(withoutVariables(selector)).mistakeAt, selector).toBeUndefined();
      expect([label, refresh]).toEqual([name, 2]);
    }
  });

  it('panel-datasource-rule, panel-title-description-rule, panel-units-rule, panel-no-targets-rule', () => {
    for (const panel of panelsOf(dashboard)) {
      expect(panel.datasource?.uid, panel.title).toBe(variable('datasource'));
      expect(panel.title).toMatch(/^[A-Z].*[^.]$/);
      expect(panel.description, panel.title).toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults.unit, panel.title).toBeTruthy();
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
      expect(new Set(panel.targets?.map(({ refId }) => refId)).size, panel.title).toBe(panel.targets?.length);
    }
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(expressionsOf(dashboard))('target-promql-rule, target-job-rule, target-instance-rule: %s', (expression) => {
    const { mistakeAt, selectors, ranges } = parsePromql(withoutVariables(expression));
    expect(mistakeAt).toBeUndefined();
    for (const { metric, labels } of selectors) {
      if (!EXCUSED.targetLabels(metric)) expect(labels).toEqual(expect.arrayContaining(['job', 'site', 'instance']));
      expect(TABLE.includes(metric) || OTHERS.test(metric), metric).toBe(true);
      // target-counter-agg-rule: a counter only rises, so only its rate is useful.
      if (onlyRises(metric)) expect(expression).toMatch(new RegExp(`(rate|increase)\\(${metric}`));
    }
    for (const range of ranges) {
      if (!EXCUSED.rateInterval(range)) expect(expression).toContain('[$__rate_interval]');
    }
  });

  it('names fields by patterns that Grafana takes for patterns', () => {
    for (const { title, fieldConfig } of panelsOf(dashboard)) {
      const patterns = (fieldConfig?.overrides ?? []).filter(({ matcher }) => matcher.id === 'byRegexp');
      // Without slashes it is the whole name.
      for (const { matcher } of patterns) expect(matcher.options, title).toMatch(/^\/.+\/$/);
    }
  });

  it('uneditable-dashboard-rule, its own name, and its tag', () => {
    expect(dashboard.editable).toBe(false);
    expect(dashboard.uid).toMatch(/^kmswatch-[a-z]+$/);
    expect(dashboard.tags).toContain('kms');
  });

  it('has no two panels in one place, and none beyond the edge', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels) {
      const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1) {
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column}:${row}`), title).toBe(false);
          taken.add(`${column}:${row}`);
        }
      }
    }
  });
});

test('every metric is on a dashboard or in a rule, or there is a reason', () => {
  const queries = [
    ...DASHBOARDS.flatMap(expressionsOf).map(withoutVariables),
    ...CATALOGUE.map(({ promql }) => promql),
  ];
  const used = new Set(queries.flatMap((query) => parsePromql(query).selectors.map(({ metric }) => metric)));
  const unused = TABLE.filter((name) => !used.has(name));
  expect(unused.toSorted()).toEqual(Object.keys(UNUSED).toSorted());
});

test('the linter finds what is wrong', () => {
  expect(parsePromql('sum(kms_leases{').mistakeAt).toBeDefined();
  expect(parsePromql('rate(kms_leases{job=~"a"}[5m]) / on (job) kms_hosts').selectors).toEqual([
    { metric: 'kms_leases', labels: ['job'] },
    { metric: 'kms_hosts', labels: [] },
  ]);
});
