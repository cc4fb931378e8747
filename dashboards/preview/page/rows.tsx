import type { TableSortByFieldState } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

/** Grafana's table. */
export function Rows({ panel, frames, timeRange, width, height }: PanelProps): ReactNode {
  const { sortBy = [], cellHeight } = panel.options as never as {
    readonly sortBy?: TableSortByFieldState[];
    readonly cellHeight?: never;
  };
  const [frame] = frames;
  if (frame === undefined) return null;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      sortBy={sortBy}
      timeRange={timeRange}
      fieldConfig={panel.fieldConfig}
      {...(cellHeight === undefined ? {} : { cellHeight })}
      noValue={panel.fieldConfig.defaults.noValue ?? ''}
      enableVirtualization={false}
      showTypeIcons={false}
    />
  );
}
