import { getDisplayValueAlignmentFactors, getFieldDisplayValues, VizOrientation } from '@grafana/data';
import { BarGauge, BarGaugeDisplayMode, VizRepeater, type VizTextDisplayOptions } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

/** Grafana's bar gauge, lying. */
export function Bars({ panel, frames, theme, width, height }: PanelProps): ReactNode {
  const { reduceOptions, text } = panel.options as never as {
    readonly reduceOptions: never;
    readonly text?: VizTextDisplayOptions;
  };
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig: panel.fieldConfig,
      reduceOptions,
      replaceVariables: (text) => text,
      theme,
      data: frames,
      timeZone: 'utc',
    });
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value: { display, field, view, colIndex }, alignmentFactors, width: own, height: tall }) => (
        <BarGauge
          value={display}
          width={own}
          height={tall}
          orientation={VizOrientation.Horizontal}
          field={field}
          {...(colIndex === undefined ? {} : { display: view?.getFieldDisplayProcessor(colIndex) })}
          theme={theme}
          {...(text === undefined ? {} : { text })}
          itemSpacing={8}
          displayMode={BarGaugeDisplayMode.Basic}
          alignmentFactors={alignmentFactors}
          showUnfilled
        />
      )}
      width={width}
      height={height}
      source={frames}
      renderCounter={0}
      minVizHeight={16}
      itemSpacing={8}
      orientation={VizOrientation.Horizontal}
    />
  );
}
