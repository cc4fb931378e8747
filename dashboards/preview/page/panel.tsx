import type { DataFrame, GrafanaTheme2, TimeRange } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { type ReactNode, useEffect, useState } from 'react';
import { Bars } from './bars.tsx';
import type { DrawnPanel } from './drawing.ts';
import { Heat } from './heat.tsx';
import { Lines } from './lines.tsx';
import { Numbers } from './numbers.tsx';
import { prepared } from './prepare.ts';
import { Rows } from './rows.tsx';
import { States } from './states.tsx';

/** The input of each kind of panel. */
export interface PanelProps {
  readonly panel: DrawnPanel;
  readonly frames: DataFrame[];
  readonly theme: GrafanaTheme2;
  readonly timeRange: TimeRange;
  readonly width: number;
  readonly height: number;
}

const KINDS: Readonly<Record<string, (props: PanelProps) => ReactNode>> = {
  stat: Numbers,
  bargauge: Bars,
  timeseries: Lines,
  table: Rows,
  'state-timeline': States,
  heatmap: Heat,
};

interface Place {
  readonly panel: DrawnPanel;
  readonly timeRange: TimeRange;
  readonly width: number;
  readonly height: number;
}

/** A panel without its frame. */
export function Panel({ panel, timeRange, width, height }: Place): ReactNode {
  const theme = useTheme2();
  const [frames, setFrames] = useState<DataFrame[]>();
  useEffect(() => {
    void prepared(panel, theme).then(setFrames);
  }, [panel, theme]);
  const Kind = KINDS[panel.type];
  if (Kind === undefined) throw new Error(`nothing draws panels of the type ${panel.type}`);
  if (frames === undefined) return null;
  const isEmpty = frames.length === 0 || frames.every(({ length }) => length === 0);
  if (isEmpty && panel.type !== 'stat') return <Nothing width={width} height={height} />;
  return <Kind {...{ panel, frames, theme, timeRange, width, height }} />;
}

function Nothing({ width, height }: Pick<Place, 'width' | 'height'>): ReactNode {
  const { typography } = useTheme2();
  return (
    <div style={{ width, height, display: 'grid', placeItems: 'center', fontSize: typography.h4.fontSize }}>
      No data
    </div>
  );
}
