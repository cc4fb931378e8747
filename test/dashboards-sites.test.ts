import { expect, it } from 'vitest';
import { FRAMES } from '../dashboards/source/all.ts';
import { causes } from '../dashboards/source/causes.ts';
import { build } from '../dashboards/source/frame.ts';
import { METRIC_GROUPS } from '../src/exposition/metrics-table.ts';
import { MINUTE_S } from '../src/kernel/time.ts';
import { type Choices, filled, readDashboard } from './history/grafana.ts';
import { describeWithPeers } from './peers/peer.ts';
import { evaluate, labelText, type Result, type Series } from './support/promtool.ts';

type Labels = Readonly<Record<string, string>>;

/** Minutes of scrapes. */
const LENGTH = 21;
const SITES = ['hq', 'emea', 'asia'] as const;

const EXPRESSIONS = FRAMES.flatMap((frame) => {
  const { title, panels, annotations } = readDashboard(JSON.stringify(build(frame)));
  return [
    ...panels.flatMap((panel) => panel.targets.map(({ expr }) => ({ name: `${title} / ${panel.title}`, expr }))),
    ...annotations.list.map(({ name, expr }) => ({ name: `${title} / ${name}`, expr })),
  ].map((each) => ({ ...each, isOfAgents: frame.name === 'agent' }));
});

/** Label values that expressions ask for; any others would do. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  kind: ['physical', 'virtual'],
  limit: ['warn', 'critical', 'ended'],
  max_age: ['7d', '+Inf'],
  phase: ['resolve', 'connect', 'bind'],
  state: ['valid', 'renewal_failing'],
};

/** Labels by which two agents of a site differ. */
const TARGET = ['instance', 'agent'];

/** Numbers that are no total of those of all sites, nor the smallest of them. */
const SHARES = ['KMS / Leases / Virtual machines'];

describeWithPeers('every expression of every dashboard', ['promtool'], () => {
  it('gives for a site that is chosen what it gives over that site alone', () => {
    for (const site of SITES) {
      expect(different(evaluated(all(), { site: [site] }), evaluated(agent({ site })))).toEqual([]);
    }
  });

  it('gives for each of all sites what it gives over that site alone, and totals that are those of the sites', () => {
    const alone = SITES.map((site) => [site, evaluated(agent({ site }))] as const);
    const together = evaluated(all());
    const expected = new Map(
      [...together.keys()].map((name) => {
        const results = alone.map(([, byName]) => byName.get(name) ?? new Map());
        return [
          name,
          results.some((result) => [...result.keys()].some(hasSite)) ? union(results) : folded(name, results),
        ];
      }),
    );
    expect(different(together, expected).filter((name) => !SHARES.includes(name.replace(/ \d+$/, '')))).toEqual([]);
  });

  it('gives the same without a site', () => {
    const [site, none] = [evaluated(agent({ site: 'hq' })), evaluated(agent({ seed: 'hq' }))];
    expect(different(without(['site'], site), none)).toEqual([]);
  });

  it('gives over a pair what it gives over one, apart from what is about the agents themselves', () => {
    const pair = ['a:11688', 'b:11688'].flatMap((instance) => [...agent({ site: 'hq', instance })]);
    const [one, two] = [evaluated(agent({ site: 'hq', instance: 'a:11688' })), evaluated(new Map(pair))];
    const isOfAgents = (name: string) => EXPRESSIONS.some((each) => each.isOfAgents && name.startsWith(each.name));
    expect(different(without(TARGET, two), without(TARGET, one)).filter((name) => !isOfAgents(name))).toEqual([]);
  });

  it('finds something, so that all of this says something', () => {
    const empty = [...evaluated(all())].filter(([, result]) => result.size === 0).map(([name]) => name);
    expect(empty).toEqual([]);
  });
});

describeWithPeers('a host', ['promtool'], () => {
  const HOST_PAGE = EXPRESSIONS.find(({ name }) => name === 'KMS / Host / Up')?.expr ?? '';
  const state = (agents: readonly (readonly [Labels, number])[]) => {
    const series = agents.map(([target, up]) => {
      const labels = { host: 'kms01', port: '1688', job: 'kmswatch', ...target };
      return [`kms_host_up${labelText(labels)}`, [up]] as const;
    });
    const query = filled(HOST_PAGE, {}, MINUTE_S);
    return evaluate(new Map(series), [query], MINUTE_S).get(query);
  };
  const at = (site: string) => `host="kms01", job="kmswatch", port="1688", site="${site}"`;

  it('that is down at one site is not shown as up because another has one of the same name that is up', () => {
    const instance = 'localhost:11688';
    const found = state([
      [{ site: 'hq', instance }, 1],
      [{ site: 'emea', instance }, 0],
    ]);
    expect(found).toEqual(
      new Map([
        [at('hq'), 1],
        [at('emea'), 0],
      ]),
    );
  });

  it('is up if one of two agents of a site sees it up', () => {
    const [a, b] = [
      { site: 'hq', instance: 'a:11688' },
      { site: 'hq', instance: 'b:11688' },
    ];
    expect(
      state([
        [a, 0],
        [b, 1],
      ]),
    ).toEqual(new Map([[at('hq'), 1]]));
    expect(
      state([
        [a, 0],
        [b, 0],
      ]),
    ).toEqual(new Map([[at('hq'), 0]]));
  });
});

describeWithPeers('the causes', ['promtool'], () => {
  const found = (alerts: readonly Labels[]) => {
    const query = filled(causes(), {}, MINUTE_S);
    const firing = alerts.map((labels) => {
      const all = { alertstate: 'firing', job: 'kmswatch', severity: 'warning', ...labels };
      return [`ALERTS${labelText(all)}`, [1]] as const;
    });
    return [...(evaluate(new Map(firing), [query], MINUTE_S).get(query) ?? new Map()).keys()];
  };
  const named = (text: string) => `alertname="${text}", alertstate="firing"`;

  it('have one row for what is one fault of several classes, as it is one message', () => {
    expect(
      found([
        { alertname: 'KmsRenewalsStalled', class: 'client' },
        { alertname: 'KmsRenewalsStalled', class: 'office' },
      ]),
    ).toEqual([expect.stringContaining(named('KmsRenewalsStalled'))]);
  });

  it('have a row for each class or pool of any other', () => {
    expect(
      found([
        { alertname: 'KmsProductRefused', host: 'kms01', pool: 'office' },
        { alertname: 'KmsProductRefused', host: 'kms01', pool: 'windows' },
      ]),
    ).toHaveLength(2);
  });

  it('leave out of a fault of several classes the one that another explains', () => {
    const soon = [
      { alertname: 'KmsLeasesExpiringSoon', class: 'client' },
      { alertname: 'KmsLeasesExpiring', class: 'client' },
    ];
    expect(found(soon)).toHaveLength(1);
    expect(found([...soon, { alertname: 'KmsLeasesExpiring', class: 'office' }])).toHaveLength(2);
  });
});

/** All sites in one Prometheus; the agent is called the same at each. */
function all(): Series {
  return new Map(SITES.flatMap((site) => [...agent({ site })]));
}

interface Agent {
  readonly site?: string;
  readonly instance?: string;
  /** Another one has other numbers; default: the site. */
  readonly seed?: string;
}

/** Every series of an agent, with numbers of its site. */
function agent({ site, instance = 'localhost:11688', seed = site ?? '' }: Agent): Series {
  const target: Labels = { job: 'kmswatch', ...(site === undefined ? {} : { site }) };
  return new Map([
    ...METRICS.flatMap(({ name, type, labels }) =>
      combined(labels).map((own): [string, readonly number[]] => {
        const number = numberOf(`${seed} ${name} ${labelText(own)}`);
        const value = name.endsWith('_timestamp_seconds') ? number * 1000 : number;
        return [
          `${name}${labelText({ ...own, instance, ...target })}`,
          type === 'counter' ? rising(number) : still(value),
        ];
      }),
    ),
    ...alertsOf(seed, instance).map((labels): [string, readonly number[]] => [
      `ALERTS${labelText({ alertstate: 'firing', ...labels, ...target })}`,
      still(1),
    ]),
  ]);
}

/** What Prometheus stores: a summary is its sum and its count. */
const METRICS = [
  ...METRIC_GROUPS.flatMap(({ metrics }) => metrics).flatMap(({ name, type, labels }) =>
    type === 'summary'
      ? ['sum', 'count'].map((part) => ({ name: `${name}_${part}`, type: 'counter', labels }))
      : [{ name, type, labels }],
  ),
  { name: 'process_resident_memory_bytes', type: 'gauge', labels: [] },
  { name: 'process_cpu_seconds_total', type: 'counter', labels: [] },
  { name: 'nodejs_eventloop_lag_p99_seconds', type: 'gauge', labels: [] },
];

/** Some about the site, which have no `instance`, and one about the agent. */
function alertsOf(seed: string, instance: string): readonly Labels[] {
  const hosts = ['kms01', 'kms02', 'kms03', 'kms04'].filter((host) => numberOf(`${seed} ${host}`) !== 1);
  return [
    ...hosts.map((host) => ({ alertname: 'KmsHostDown', severity: 'critical', host })),
    { alertname: 'KmswatchStoreFailing', severity: 'warning', instance },
  ];
}

function still(value: number): readonly number[] {
  return new Array(LENGTH).fill(value);
}

function rising(each: number): readonly number[] {
  return Array.from({ length: LENGTH }, (_, minute) => each * minute);
}

/** Two values of each label, in every combination. */
function combined(labels: readonly string[]): readonly Labels[] {
  const [name, ...others] = labels;
  if (name === undefined) return [{}];
  const values = VALUES[name] ?? [`${name}1`, `${name}2`];
  return combined(others).flatMap((other) => values.map((value) => ({ [name]: value, ...other })));
}

/** 0, 1 or 2: the same for the same text. */
function numberOf(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % 3;
}

/** By the name of each expression, with its number where several have one. */
function evaluated(series: Series, choices: Choices = {}): ReadonlyMap<string, Result> {
  const queries = EXPRESSIONS.map(({ expr }) => filled(expr, choices, MINUTE_S));
  const results = evaluate(series, [...new Set(queries)], MINUTE_S);
  return new Map(
    EXPRESSIONS.map(({ name }, index) => [`${name} ${index}`, results.get(queries[index] ?? '') ?? new Map()] as const),
  );
}

/** Names of expressions of which the two differ. */
function different(found: ReadonlyMap<string, Result>, expected: ReadonlyMap<string, Result>): readonly string[] {
  const text = (result: Result | undefined) =>
    JSON.stringify([...(result ?? [])].map(([labels, value]) => [labels, value.toPrecision(9)]).sort());
  return [...found].filter(([name, result]) => text(result) !== text(expected.get(name))).map(([name]) => name);
}

function hasSite(labels: string): boolean {
  return /\bsite="/.test(labels);
}

function union(results: readonly Result[]): Result {
  return new Map(results.flatMap((result) => [...result]));
}

/** Of an expression that has no series for a site: the sum of those of the sites, or the smallest. */
function folded(name: string, results: readonly Result[]): Result {
  const expr = EXPRESSIONS[Number(/\d+$/.exec(name)?.[0])]?.expr ?? '';
  const fold = expr.startsWith('min') ? Math.min : (a: number, b: number) => a + b;
  const total = new Map<string, number>();
  for (const [labels, value] of results.flatMap((result) => [...result])) {
    const before = total.get(labels);
    total.set(labels, before === undefined ? value : fold(before, value));
  }
  return total;
}

function without(names: readonly string[], byName: ReadonlyMap<string, Result>): ReadonlyMap<string, Result> {
  const strip = (labels: string) =>
    labels
      .split(', ')
      .filter((pair) => !names.some((label) => pair.startsWith(`${label}=`)))
      .join(', ');
  return new Map(
    [...byName].map(([name, result]) => [name, new Map([...result].map(([labels, value]) => [strip(labels), value]))]),
  );
}
