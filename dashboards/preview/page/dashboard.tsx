import { dateTime, type TimeRange } from '@grafana/data';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { Drawing, DrawnPanel } from './drawing.ts';
import { Panel } from './panel.tsx';

/** Grafana's grid: 24 columns, rows of 30 pixels, gaps of 8. */
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;
const MARGIN = 16;

/** A dashboard, as wide as the window. */
export function Dashboard({ drawing, width }: { readonly drawing: Drawing; readonly width: number }): ReactNode {
  const theme = useTheme2();
  const from = dateTime(drawing.from);
  const to = dateTime(drawing.to);
  const timeRange: TimeRange = { from, to, raw: { from, to } };
  const column = (width - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  const rows = Math.max(...drawing.panels.map(({ gridPos: { y, h } }) => y + h));
  return (
    <div style={{ background: theme.colors.background.canvas, padding: MARGIN, width }}>
      <Head drawing={drawing} />
      <div style={{ position: 'relative', height: rows * (ROW + GAP) }}>
        {drawing.panels.map((panel) => {
          const { x, y, w, h } = panel.gridPos;
          const size = { width: w * (column + GAP) - GAP, height: h * (ROW + GAP) - GAP };
          return (
            <div
              key={panel.id}
              style={{ position: 'absolute', left: x * (column + GAP), top: y * (ROW + GAP), ...size }}
            >
              {panel.type === 'row' ? <RowTitle panel={panel} /> : <Framed {...{ panel, timeRange, ...size }} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ drawing: { title, choices } }: { readonly drawing: Drawing }): ReactNode {
  const { colors, typography, shape } = useTheme2();
  const box = { border: `1px solid ${colors.border.medium}`, borderRadius: shape.radius.default, padding: '4px 8px' };
  return (
    <div style={{ marginBottom: MARGIN }}>
      <div style={{ display: 'flex', alignItems: 'baseline', gap: 12, marginBottom: 10 }}>
        <span style={{ fontSize: typography.h4.fontSize }}>{title}</span>
        <span style={{ color: colors.text.secondary }}>a preview, drawn from the simulated estate of the demo</span>
      </div>
      <div style={{ display: 'flex', gap: GAP }}>
        {choices.map(([label, text]) => (
          <span key={label} style={{ display: 'flex' }}>
            <span style={{ ...box, background: colors.background.secondary }}>{label}</span>
            <span style={{ ...box, borderLeft: 'none' }}>{text}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

function RowTitle({ panel }: { readonly panel: DrawnPanel }): ReactNode {
  const { typography } = useTheme2();
  return <div style={{ fontSize: typography.h5.fontSize, lineHeight: `${ROW}px` }}>⌄ {panel.title}</div>;
}

interface Framing {
  readonly panel: DrawnPanel;
  readonly timeRange: TimeRange;
  readonly width: number;
  readonly height: number;
}

function Framed({ panel, timeRange, width, height }: Framing): ReactNode {
  return (
    <PanelChrome title={panel.title} width={width} height={height}>
      {(innerWidth, innerHeight) => (
        <Panel panel={panel} timeRange={timeRange} width={innerWidth} height={innerHeight} />
      )}
    </PanelChrome>
  );
}
