import { EventBusSrv } from '@grafana/data';
import { type PanelContext, PanelContextProvider, TimeSeries, type VizLegendOptions } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

const CONTEXT = { eventBus: new EventBusSrv(), eventsScope: 'preview' } satisfies PanelContext;

/** Grafana's time series. */
export function Lines({ panel, frames, timeRange, width, height }: PanelProps): ReactNode {
  const { legend } = panel.options as never as { readonly legend: VizLegendOptions };
  const filled = frames.filter(({ length }) => length > 0);
  return (
    <PanelContextProvider value={CONTEXT}>
      <TimeSeries
        frames={filled}
        width={width}
        height={height}
        timeRange={timeRange}
        timeZone="utc"
        legend={legend}
        options={panel.options}
      />
    </PanelContextProvider>
  );
}
