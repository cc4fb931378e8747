import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type ReduceDataOptions,
  VizOrientation,
} from '@grafana/data';
import { BigValue, type BigValueColorMode, type BigValueGraphMode, VizRepeater } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

interface Options {
  readonly reduceOptions: ReduceDataOptions;
  readonly colorMode: BigValueColorMode;
  readonly graphMode: BigValueGraphMode;
}

/** Grafana's stat. */
export function Numbers({ panel, frames, theme, width, height }: PanelProps): ReactNode {
  const { reduceOptions, colorMode, graphMode } = panel.options as never as Options;
  const look = { colorMode, graphMode };
  const source = frames.length > 0 ? frames : [{ length: 0, fields: [] }];
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig: panel.fieldConfig,
      reduceOptions,
      replaceVariables: (text) => text,
      theme,
      data: source,
      timeZone: 'utc',
      sparkline: false,
    });
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value, width: own, height: tall }) => (
        <BigValue
          {...look}
          // The panel's title says it already.
          value={{ ...value.display, title: '' }}
          width={own}
          height={tall}
          theme={theme}
        />
      )}
      width={width}
      height={height}
      source={frames}
      renderCounter={0}
      orientation={VizOrientation.Auto}
    />
  );
}
