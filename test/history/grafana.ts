/** The queries that Grafana sends to Prometheus for a dashboard. */
import { z } from 'zod';
import type { PrometheusApi } from './prometheus-api.ts';

const TargetSchema = z.object({
  refId: z.string(),
  expr: z.string(),
  instant: z.boolean().optional(),
  /** The shortest time between two points. */
  interval: z.string().optional(),
  legendFormat: z.string().optional(),
  format: z.string().optional(),
});
const PanelSchema = z.looseObject({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(TargetSchema).default([]),
});
const VariableSchema = z.object({
  name: z.string(),
  label: z.string().optional(),
  type: z.string(),
  query: z.unknown(),
});
const DashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  time: z.object({ from: z.string() }),
  panels: z.array(PanelSchema),
  templating: z.object({ list: z.array(VariableSchema) }),
  annotations: z.object({ list: z.array(z.object({ name: z.string(), expr: z.string() })) }),
});

export type Target = z.infer<typeof TargetSchema>;
export type Panel = z.infer<typeof PanelSchema>;
export type Dashboard = z.infer<typeof DashboardSchema>;

/** @param text a file of `dashboards/` */
export function readDashboard(text: string): Dashboard {
  return DashboardSchema.parse(JSON.parse(text));
}

/** The selected values of a variable: undefined for all. */
export type Choices = Readonly<Record<string, readonly string[] | undefined>>;

/** The values that a dashboard's variables offer, in their order: each is asked for with all of those before it chosen. */
export async function valuesOf(
  dashboard: Dashboard,
  api: PrometheusApi,
  span: { readonly start: number; readonly end: number },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = new Map<string, readonly string[]>();
  for (const { name, type, query } of dashboard.templating.list) {
    if (type !== 'query') continue;
    const { query: text } = z.object({ query: z.string() }).parse(query);
    const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? [];
    values.set(name, await api.labelValues(filled(selector, {}, 60), label, span));
  }
  return values;
}

/** Matches all values of a variable: `allValue` of each of ours, which `test/dashboards.test.ts` sees to. */
function allOf(name: string): string {
  return name === 'site' ? '.*' : '.+';
}

/**
 * An expression with the values of its variables.
 * @param interval seconds between two points
 */
export function filled(expression: string, choices: Choices, interval: number): string {
  return expression
    .replaceAll('$__rate_interval', `${rateInterval(interval)}s`)
    .replaceAll(/\$([a-z]+)/g, (_, name: string) => chosenText(name, choices[name]));
}

/** Seconds between two scrapes, as the data source's settings have them. */
const SCRAPE_INTERVAL = 60;

/** So long that a rate has at least four scrapes, however far the view is zoomed in. */
function rateInterval(interval: number): number {
  return Math.max(interval + SCRAPE_INTERVAL, 4 * SCRAPE_INTERVAL);
}

function chosenText(name: string, chosen: readonly string[] | undefined): string {
  if (chosen === undefined) return allOf(name);
  const escaped = chosen.map((value) => value.replaceAll('\\', '\\\\\\\\').replaceAll(/[$^*{}[\]'+?.()|]/g, '\\\\$&'));
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Seconds of a duration such as `7d`. */
function secondsOf(duration: string): number {
  const [, count = '', unit = ''] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (!(seconds > 0)) throw new RangeError(`not a duration: ${duration}`);
  return seconds;
}

/** Seconds of a time such as `now-7d`. */
export function secondsAgo(time: string): number {
  return secondsOf(time.replace('now-', ''));
}

/** Seconds; the ends of the ranges in which Grafana rounds to the same step. */
const STEPS = [15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const;

/**
 * Seconds between two points of a panel.
 * @param width how many points there is room for
 * @param shortest of the query, such as `6h`
 */
export function intervalOf(seconds: number, width: number, shortest?: string): number {
  const wanted = Math.max(SCRAPE_INTERVAL, seconds / width);
  const step = STEPS.findLast((each, index) => index === 0 || wanted >= ((STEPS[index - 1] ?? 0) + each) / 2);
  return Math.max(step ?? STEPS[0], shortest === undefined ? 0 : secondsOf(shortest));
}
