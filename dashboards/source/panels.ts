import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { variable } from './promql.ts';

export const DATASOURCE = { type: 'prometheus', uid: variable('datasource') } as const;

export const RED = 'red';
export const ORANGE = 'orange';
export const YELLOW = 'yellow';
export const GREEN = 'green';
export const PURPLE = 'purple';
export const BLUE = 'blue';
/** For numbers that are neither good nor bad. */
export const NEUTRAL = 'text';

/** The parts of every panel: its texts, its unit, and its size on a grid of 24 columns. */
export interface PanelWords {
  readonly title: string;
  /** The content of the panel, and the meaning of red. */
  readonly description: string;
  /** One of Grafana's; `short` for a plain number. */
  readonly unit: string;
  readonly width: number;
  readonly height: number;
}

/** Colours from a value on; the first one holds below all others. */
export type Steps = readonly (readonly [from: number | null, color: string])[];

/** A query, the text for each of its series, and the shortest time between two points where that matters. */
export type Query = readonly [expression: string, legend: string, every?: string];

/** Colours of series by their text, a regular expression. */
export type Colors = readonly (readonly [text: string, color: string])[];

/** States of leases have the same colours wherever they are drawn. */
export const LEASE_STATES: Colors = [
  ['^valid$', GREEN],
  ['^renewal_overdue$', YELLOW],
  ['^renewal_failing$', 'dark-yellow'],
  ['^expiring$', ORANGE],
  ['^expired$', RED],
  ['^unactivated$', PURPLE],
];

/** The results of requests: success is green, failures have the remaining colours. */
export const RESULTS: Colors = [
  ['(^| )ok$', GREEN],
  ['key_management_service_id_mismatch$', ORANGE],
  ['count_insufficient$', RED],
  ['invalid_timestamp$', PURPLE],
];

interface Common<T> {
  title(text: string): T;
  description(text: string): T;
  unit(text: string): T;
  span(columns: number): T;
  height(rows: number): T;
  datasource(reference: typeof DATASOURCE): T;
  withTarget(target: Builder<prometheus.Dataquery>): T;
}

function worded<T extends Common<T>>(panel: T, { title, description, unit, width, height }: PanelWords): T {
  return panel.datasource(DATASOURCE).title(title).description(description).unit(unit).span(width).height(height);
}

function thresholds(steps: Steps) {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

const refs = 'ABCDEFGHIJ';

function target([expression, legend, every]: Query, index: number): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder()
    .expr(expression)
    .legendFormat(legend)
    .refId(refs[index] ?? 'Z');
  return every === undefined ? query : query.interval(every);
}

/** One number, large, with its colour; the last value. */
export function number(words: PanelWords, query: Query, steps: Steps, none = 'no data'): Builder<dashboard.Panel> {
  return worded(new stat.PanelBuilder(), words)
    .withTarget(target(query, 0).instant())
    .thresholds(thresholds(steps))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .noValue(none);
}

export interface LineOptions {
  readonly stacked?: boolean;
  readonly bars?: boolean;
  readonly steps?: Steps;
  /** Series with this text are limits: a thin dashed line without a fill, in the colour of text, which no series has. */
  readonly limits?: string;
  readonly colors?: Colors;
  readonly min?: number;
  readonly max?: number;
  /** By orders of magnitude, where one series has hundreds and another a few; up to 10 it is linear, so that 0 has a place. */
  readonly magnitudes?: boolean;
  /** Names of series beside the panel, with the last value of each: for more than a few. */
  readonly aside?: boolean;
}

/** Lines (or bars) over time. */
export function lines(
  words: PanelWords,
  queries: readonly Query[],
  options: LineOptions = {},
): Builder<dashboard.Panel> {
  const panel = worded(new timeseries.PanelBuilder(), words)
    .lineWidth(options.bars === true ? 1 : 2)
    .fillOpacity(fillOf(options))
    .showPoints(common.VisibilityMode.Never)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .legend(legend(options.aside === true))
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  for (const [index, query] of queries.entries()) panel.withTarget(target(query, index));
  if (options.min !== undefined) panel.min(options.min);
  if (options.stacked === true) {
    panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  }
  if (options.bars === true) panel.drawStyle(common.GraphDrawStyle.Bars);
  if (options.steps !== undefined) {
    panel
      .thresholds(thresholds(options.steps))
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Area));
  }
  if (options.max !== undefined) panel.max(options.max);
  if (options.magnitudes === true) {
    panel.scaleDistribution(
      new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Symlog).log(10).linearThreshold(10),
    );
  }
  for (const [text, color] of options.colors ?? []) {
    panel.overrideByRegexp(`/${text}/`, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  }
  if (options.limits !== undefined) {
    // Without the slashes Grafana would compare the whole name.
    panel.overrideByRegexp(`/${options.limits}/`, [
      { id: 'color', value: { mode: 'fixed', fixedColor: NEUTRAL } },
      { id: 'custom.lineWidth', value: 1 },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none' } },
    ]);
  }
  return panel;
}

/** Many fills on top of each other are mud. */
function fillOf({ stacked = false, bars = false, aside = false }: LineOptions): number {
  if (stacked || bars) return 40;
  return aside ? 0 : 5;
}

function legend(isAside: boolean): common.VizLegendOptionsBuilder {
  const built = new common.VizLegendOptionsBuilder().showLegend(true);
  if (!isAside) {
    return built.displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom);
  }
  return built
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Right)
    .calcs(['lastNotNull']);
}

/** A bar for each series, the last value. */
export function bars(words: PanelWords, query: Query, steps: Steps): Builder<dashboard.Panel> {
  return worded(new bargauge.PanelBuilder(), words)
    .withTarget(target(query, 0).instant())
    .thresholds(thresholds(steps))
    .min(0)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(14).valueSize(20))
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

export interface Column {
  /** As the query calls it: a label, or `Value #A` for the first query. */
  readonly field: string;
  readonly title: string;
  /** A label is a text, however much it looks like a number; default for a value: a plain number. */
  readonly unit?: string;
  readonly steps?: Steps;
  readonly texts?: readonly (readonly [value: number | string, text: string, color: string])[];
  readonly width?: number;
  readonly link?: { readonly title: string; readonly url: string };
}

/** Empty, and not drawn at all, if Prometheus gives its targets no `site`. */
export const SITE_COLUMN: Column = { field: 'site', title: 'Site', width: 70 };

/** A table with a row for each series; several queries are joined by their labels. */
export function rows(
  words: PanelWords,
  expressions: readonly string[],
  columns: readonly Column[],
  sort?: { readonly by: string; readonly descending?: boolean },
): Builder<dashboard.Panel> {
  const panel = worded(new table.PanelBuilder(), words);
  for (const [index, expression] of expressions.entries()) {
    panel.withTarget(target([expression, ''], index).instant().format(prometheus.PromQueryFormat.Table));
  }
  const names = columns.map(({ field }) => field);
  panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'filterFieldsByName',
      options: { include: { names } },
    })
    .withTransformation({
      id: 'organize',
      options: {
        indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
        excludeByName: {},
      },
    });
  for (const column of columns) {
    const properties = columnProperties(column);
    if (properties.length > 0) panel.overrideByName(column.title, properties);
  }
  if (sort !== undefined) {
    panel.sortBy([new common.TableSortByFieldStateBuilder().displayName(sort.by).desc(sort.descending === true)]);
  }
  return panel;
}

function columnProperties({ field, unit, steps, texts, width, link }: Column): dashboard.DynamicConfigValue[] {
  const isLabel = !field.startsWith('Value');
  const colored = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  return [
    ...(unit !== undefined || isLabel ? [{ id: 'unit', value: unit ?? 'string' }] : []),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(steps === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: 'absolute', steps: steps.map(([value, color]) => ({ value, color })) } },
          colored,
        ]),
    ...(texts === undefined
      ? []
      : [
          {
            id: 'mappings',
            value: [
              {
                type: 'value',
                options: Object.fromEntries(
                  texts.map(([value, text, color], index) => [String(value), { text, color, index }]),
                ),
              },
            ],
          },
          colored,
        ]),
    ...(link === undefined ? [] : [{ id: 'links', value: [{ ...link, targetBlank: false }] }]),
  ];
}

/** The state of each series over time. */
export function states(
  words: PanelWords,
  query: Query,
  texts: readonly (readonly [value: number, text: string, color: string])[],
): Builder<dashboard.Panel> {
  return worded(new statetimeline.PanelBuilder(), words)
    .withTarget(target(query, 0))
    .mappings([
      {
        type: dashboard.MappingType.ValueToText,
        options: Object.fromEntries(
          texts.map(([value, text, color], index) => [String(value), { text, color, index }]),
        ),
      },
    ])
    .thresholds(thresholds([[null, NEUTRAL]]))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Auto)
    .rowHeight(0.8);
}

/** A histogram over time; the query's label `le` is the upper end of each bucket. */
export function heat(words: PanelWords, query: Query, axis: string): Builder<dashboard.Panel> {
  return worded(new heatmap.PanelBuilder(), words)
    .withTarget(target(query, 0).format(prometheus.PromQueryFormat.Heatmap))
    .calculate(false)
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .yAxis(new heatmap.YAxisConfigBuilder().unit(axis).axisPlacement(common.AxisPlacement.Left))
    .cellGap(0)
    .showLegend();
}

/** The states of `hostState`. */
export const HOST_TEXTS = [
  [1, 'up', GREEN],
  [0, 'DOWN', RED],
  [2, 'unexpected', YELLOW],
  [3, 'IMPOSTOR', RED],
] as const;
