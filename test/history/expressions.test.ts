import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { dashboardFiles } from '../../dashboards/source/all.ts';
import { CATALOGUE } from '../../src/conditions/catalogue.ts';
import { METRIC_GROUPS } from '../../src/exposition/metrics-table.ts';
import { DAY_S, HOUR_S, MINUTE_S } from '../../src/kernel/time.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { parsePromql } from '../support/promql.ts';
import { RULES } from '../support/promtool.ts';
import { type Choices, filled, intervalOf, readDashboard, secondsAgo, valuesOf } from './grafana.ts';
import { type History, startHistory } from './history.ts';
import { TARGET } from './open-metrics.ts';
import { PrometheusApi, type Series } from './prometheus-api.ts';

const DASHBOARDS = Object.values(dashboardFiles()).map((make) => readDashboard(make()));
const TABLE = METRIC_GROUPS.flatMap(({ metrics }) => metrics.map(({ name }) => name));

interface Expression {
  readonly name: string;
  readonly expression: string;
  readonly isInstant: boolean;
  /** Of its dashboard. */
  readonly from: string;
  readonly shortest?: string | undefined;
}

const EXPRESSIONS: readonly Expression[] = DASHBOARDS.flatMap(({ title, time: { from }, panels, annotations }) => [
  ...panels.flatMap((panel) =>
    panel.targets.map(({ refId, expr, instant, interval }) => ({
      name: `${title} / ${panel.title} / ${refId}`,
      expression: expr,
      isInstant: instant === true,
      from,
      shortest: interval,
    })),
  ),
  ...annotations.list.map(({ name, expr }) => ({
    name: `${title} / ${name}`,
    expression: expr,
    isInstant: false,
    from,
  })),
]);

/** Expressions that rightly find nothing in the demo's estate, and why. */
const EMPTY: Readonly<Record<string, string>> = {
  'KMS / Leases / Machines by verdict / A':
    'machines are joined by the reader thread, which this history does not have',
  'KMS / Leases / Pinned to a host / A': 'the same',
  'KMS / Leases / Sources / A': 'it has no inventory',
  'KMS / Leases / Sources / B': 'the same',
  'KMS / Leases / Sources / C': 'the same',
};

/** Metrics of the table that the demo's estate does not have, and why. */
const ABSENT: Readonly<Record<string, string>> = {
  kms_activation_object_info: 'it has no directory',
  kms_activation_object_unexpected: 'the same',
  kms_clients_pinned: 'machines are joined by the reader thread, which this history does not have',
  kms_inventory_last_success_timestamp_seconds: 'it has no inventory',
  kms_inventory_machines: 'the same',
  kms_inventory_stale: 'the same',
  kms_inventory_up: 'the same',
  kms_machines: 'as for kms_clients_pinned',
  kms_machines_not_renewing: 'the same',
  kms_machines_not_renewing_tolerated: 'the same',
  kms_products_not_covered: 'the same',
  kms_requests_failed_ratio: 'fewer than five requests of an hour fail',
  kms_requests_failed_skewed: 'the clock of no machine is wrong',
  kmswatch_external_url_info: 'no external URL is configured',
};

const RulesFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ alert: z.string().optional(), record: z.string().optional(), expr: z.string() })),
    }),
  ),
});
const RULE_LIST = RulesFile.parse(parse(readFileSync(RULES, 'utf8'))).groups.flatMap(({ rules }) => rules);

/** In office hours. */
const TUESDAY = Date.parse('2026-06-16T13:00:00Z') / 1000;
const PACE = 2 * MINUTE_S;
/** Some weeks are enough for expressions; `dashboards/preview` has the year. */
const STRETCHES = [
  { from: 16 * DAY_S, every: 4 * HOUR_S },
  { from: 3 * HOUR_S, every: PACE },
];

/** Points of a panel as wide as half a screen. */
const WIDTH = 800;

/** An alert about the estate is one for its site, whichever agent says so. */
function labelsOfTarget(alert: string): Partial<typeof TARGET> {
  const { instance, ...site } = TARGET;
  return CATALOGUE.find(({ name }) => name === alert)?.scope === 'agent' ? { ...site, instance } : site;
}

describeWithPeers('expressions in Prometheus', ['prometheus', 'promtool'], () => {
  let history: History;
  let api: PrometheusApi;

  beforeAll(async () => {
    // Rules see the last scrape and not the one before it, as they do when series end with a scrape.
    history = await startHistory({ stretches: STRETCHES, moment: TUESDAY, rules: 1, lookback: PACE - 1 });
    api = new PrometheusApi(history.url);
  });
  afterAll(() => history?.stop());

  function ask({ expression, isInstant, from, shortest }: Expression, choices: Choices): Promise<readonly Series[]> {
    const seconds = secondsAgo(from);
    const step = intervalOf(seconds, WIDTH, shortest);
    const query = filled(expression, choices, step);
    if (isInstant) return api.instant(query, history.end);
    return api.range(query, { start: history.end - seconds, end: history.end, step });
  }

  test('every rule is evaluated, and what is open by the rules is what is open by the agent', async () => {
    const rules = await expect
      .poll(() => api.rules())
      .toSatisfy((found: Awaited<ReturnType<PrometheusApi['rules']>>) =>
        found.every(({ health }) => health !== 'unknown'),
      )
      .then(() => api.rules());

    expect(rules.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)).toEqual([]);
    expect(rules.length).toBe(RULE_LIST.length);
    const byRules = rules.flatMap(({ alerts }) => (alerts ?? []).map(({ labels }) => JSON.stringify(sorted(labels))));
    const byAgent = history.last.open.map(({ name, severity, subject }) =>
      JSON.stringify(sorted({ alertname: name, severity, ...subject, ...labelsOfTarget(name) })),
    );
    expect(byRules.toSorted()).toEqual(byAgent.toSorted());
  });

  test('every expression of every dashboard is answered, with series where the estate has them', async () => {
    const mistakes: string[] = [];
    const empty: string[] = [];
    for (const each of EXPRESSIONS) {
      const found = await ask(each, {}).catch((error: unknown) => mistakes.push(`${each.name}: ${error}`));
      if (Array.isArray(found) && found.length === 0) empty.push(each.name);
    }

    expect(mistakes).toEqual([]);
    expect(empty.toSorted()).toEqual(Object.keys(EMPTY).toSorted());
  });

  test.each(DASHBOARDS.map((dashboard) => [dashboard.title, dashboard] as const))(
    '%s: its variables have values, and with one or two of each chosen it is answered as well',
    async (title, dashboard) => {
      const span = { start: history.end - secondsAgo(dashboard.time.from), end: history.end };
      const values = await valuesOf(dashboard, api, span);
      const offers = [...values].filter(([, offered]) => offered.length > 0);
      expect(offers.map(([name]) => name)).toEqual([...values.keys()].filter((name) => name !== 'site'));
      for (const count of [1, 2]) {
        const choices = Object.fromEntries(offers.map(([name, offered]) => [name, offered.slice(0, count)]));
        const own = EXPRESSIONS.filter(({ name }) => name.startsWith(`${title} / `));
        const found = await Promise.all(own.map((each) => ask(each, choices)));
        expect(found.filter((series) => series.length > 0).length).toBeGreaterThan(own.length / 2);
      }
    },
  );

  test('every metric that a rule names is there', () => {
    const records = RULE_LIST.flatMap(({ record }) => record ?? []);
    const named = RULE_LIST.flatMap(({ expr }) => parsePromql(expr).selectors.map(({ metric }) => metric));
    const known = ['up', ...TABLE, ...records];
    expect([...new Set(named)].filter((metric) => !known.includes(metric))).toEqual([]);
  });

  test('the estate has every metric of the table', async () => {
    const span = { start: history.end - 16 * DAY_S, end: history.end };
    const names = new Set(await api.labelValues(`{job="${TARGET.job}"}`, '__name__', span));

    // A summary without quantiles has no series under its own name.
    expect(TABLE.filter((name) => !names.has(name) && !names.has(`${name}_count`)).toSorted()).toEqual(
      Object.keys(ABSENT).toSorted(),
    );
  });

  test('an expression that Prometheus does not take is an error', async () => {
    await expect(api.instant('sum by (host) kms_host_up', history.end)).rejects.toThrow(/parse error/);
  });
});

function sorted(labels: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
