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
export const YELLOW = 'yellow';
export const GREEN = 'green';
/** For numbers that are neither good nor bad. */
export const NEUTRAL = 'text';

/** What every panel has: its words, its unit, and its size on a grid of 24 columns. */
export interface PanelWords {
  readonly title: string;
  /** What is shown, and what it means when it is red. */
  readonly description: string;
  /** One of Grafana's; `short` for a plain number. */
  readonly unit: string;
  readonly width: number;
  readonly height: number;
}

/** Colours from a value on; the first one holds below all others. */
export type Steps = readonly (readonly [from: number | null, color: string])[];

/** A query and the text for each of its series. */
export type Query = readonly [expression: string, legend: string];

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

function target([expression, legend]: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .expr(expression)
    .legendFormat(legend)
    .refId(refs[index] ?? 'Z');
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
  /** Series with this text are limits: a dashed red line without a fill. */
  readonly limits?: string;
  readonly min?: number;
}

/** Lines (or bars) over time. */
export function lines(
  words: PanelWords,
  queries: readonly Query[],
  options: LineOptions = {},
): Builder<dashboard.Panel> {
  const panel = worded(new timeseries.PanelBuilder(), words)
    .lineWidth(options.bars === true ? 1 : 2)
    .fillOpacity(options.stacked === true || options.bars === true ? 40 : 5)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
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
  if (options.limits !== undefined) {
    panel.overrideByRegexp(options.limits, [
      { id: 'color', value: { mode: 'fixed', fixedColor: RED } },
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
      { id: 'custom.fillOpacity', value: 0 },
      { id: 'custom.stacking', value: { mode: 'none' } },
    ]);
  }
  return panel;
}

/** A bar for each series, the last value. */
export function bars(words: PanelWords, query: Query, steps: Steps): Builder<dashboard.Panel> {
  return worded(new bargauge.PanelBuilder(), words)
    .withTarget(target(query, 0).instant())
    .thresholds(thresholds(steps))
    .min(0)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

export interface Column {
  /** As the query calls it: a label, or `Value #A` for the first query. */
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  readonly steps?: Steps;
  readonly texts?: readonly (readonly [value: number, text: string, color: string])[];
  readonly width?: number;
  readonly link?: { readonly title: string; readonly url: string };
}

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
  return panel.noValue('none');
}

function columnProperties({ unit, steps, texts, width, link }: Column): dashboard.DynamicConfigValue[] {
  const colored = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
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

/** What state each series was in over time. */
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
export function heat(words: PanelWords, expression: string, axis: string): Builder<dashboard.Panel> {
  return worded(new heatmap.PanelBuilder(), words)
    .withTarget(target([expression, '{{le}}'], 0).format(prometheus.PromQueryFormat.Heatmap))
    .calculate(false)
    .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .yAxis(new heatmap.YAxisConfigBuilder().unit(axis).axisPlacement(common.AxisPlacement.Left))
    .cellGap(1)
    .showLegend();
}
