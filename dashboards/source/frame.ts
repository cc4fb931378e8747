import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './panels.ts';
import { chosenAlerts } from './promql.ts';

export interface Frame {
  /** Also the end of its file's name. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks at first. */
  readonly from: string;
  readonly variables: readonly Builder<dashboard.VariableModel>[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<dashboard.Panel>[];
}

/** Tag by which the dashboards find each other. */
const TAG = 'kms';

/** The variables that every dashboard begins with. */
function chosenAgents(): Builder<dashboard.VariableModel>[] {
  return [
    new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    labelValues('job', 'kmswatch_build_info'),
    // All of them are also those that have none.
    labelValues('site', 'kmswatch_build_info{job=~"$job"}', '.*'),
    labelValues('instance', 'kmswatch_build_info{job=~"$job", site=~"$site"}'),
  ];
}

/**
 * A variable with the values of a label; several or all of them may be chosen.
 * @param all the pattern of all of them
 */
export function labelValues(label: string, selector: string, all = '.+'): Builder<dashboard.VariableModel> {
  return new dashboard.QueryVariableBuilder(label)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query: `label_values(${selector}, ${label})`, refId: `values-of-${label}` })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** One dashboard in Grafana's classic form, which import and file provisioning both take. */
export function build(frame: Frame): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(`KMS / ${frame.title}`)
    .uid(`kmswatch-${frame.name}`)
    .description(frame.description)
    .tags([TAG])
    .readonly()
    .timezone('browser')
    .time({ from: frame.from, to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables([...chosenAgents(), ...frame.variables])
    .links([
      new dashboard.DashboardLinkBuilder('Dashboards')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    ]);
  for (const row of frame.rows) {
    builder.withRow(new dashboard.RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return finished(builder.build());
}

/** Parts that the builders leave open: panel ids, by which links find panels, and the annotation of alerts. */
function finished(built: dashboard.Dashboard): dashboard.Dashboard {
  const panels = (built.panels ?? []).map((panel, index) => ({ ...panel, id: index + 1 }));
  return {
    ...built,
    id: null as never,
    editable: false,
    panels,
    annotations: {
      list: [
        {
          name: 'Alerts of KMS',
          datasource: DATASOURCE,
          enable: true,
          iconColor: 'red',
          expr: chosenAlerts('alertstate="firing"', 'severity="critical"'),
          titleFormat: '{{alertname}}',
          textFormat: '{{domain}} {{host}} {{class}}',
          step: '5m',
        } as never,
      ],
    },
  };
}
