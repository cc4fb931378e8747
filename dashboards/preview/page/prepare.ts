import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  type DataFrame,
  FieldConfigOptionsRegistry,
  type FieldConfigPropertyItem,
  type GrafanaTheme2,
  identityOverrideProcessor,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import type { DrawnPanel } from './drawing.ts';
import { framesOf } from './frames.ts';

const STANDARD = [
  'unit',
  'min',
  'max',
  'decimals',
  'displayName',
  'noValue',
  'thresholds',
  'mappings',
  'color',
  'links',
];
/** Those that our panels use, of all visualizations. */
const CUSTOM = [
  ...[
    'lineWidth',
    'lineStyle',
    'lineInterpolation',
    'fillOpacity',
    'showPoints',
    'stacking',
    'drawStyle',
    'barAlignment',
  ],
  ...['thresholdsStyle', 'spanNulls', 'scaleDistribution', 'axisPlacement', 'axisSoftMin', 'axisSoftMax', 'hideFrom'],
  ...['width', 'minWidth', 'align', 'cellOptions', 'inspect', 'axisLabel', 'gradientMode'],
];

const REGISTRY = new FieldConfigOptionsRegistry(() => [
  ...STANDARD.map((path) => property(path, path, false)),
  ...CUSTOM.map((path) => property(`custom.${path}`, path, true)),
]);

function property(id: string, path: string, isCustom: boolean): FieldConfigPropertyItem {
  const nothing = () => null;
  return {
    id,
    path,
    name: id,
    isCustom,
    editor: nothing,
    override: nothing,
    process: identityOverrideProcessor,
    shouldApply: () => true,
  };
}

/** Once, before anything is drawn. */
export function register(): void {
  standardFieldConfigEditorRegistry.setInit(() => STANDARD.map((path) => property(path, path, false)));
  const { mergeTransformer, filterFieldsByNameTransformer, organizeFieldsTransformer, sortByTransformer } =
    standardTransformers;
  standardTransformersRegistry.setInit(() =>
    [mergeTransformer, filterFieldsByNameTransformer, organizeFieldsTransformer, sortByTransformer].map(
      (transformation) =>
        ({ id: transformation.id, name: transformation.name, transformation: async () => transformation }) as never,
    ),
  );
}

/** The frames of a panel: transformed, with units, colours and names. */
export async function prepared(panel: DrawnPanel, theme: GrafanaTheme2): Promise<DataFrame[]> {
  const transformed = await lastValueFrom(
    transformDataFrame([...panel.transformations] as never, framesOf(panel.answers)),
  );
  const configured = applyFieldOverrides({
    data: transformed,
    fieldConfig: panel.fieldConfig,
    fieldConfigRegistry: REGISTRY,
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
  });
  cacheFieldDisplayNames(configured);
  return configured;
}
