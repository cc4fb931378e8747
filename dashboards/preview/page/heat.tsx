import { FieldType } from '@grafana/data';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

const LEFT = 44;
const AXIS = 22;
const LEGEND = 22;
const STEP = 28;
const TICKS = 6;
/** d3's scheme "Oranges", turned round for the dark theme as Grafana does. */
const ORANGES = ['#7f2704', '#a63603', '#d94801', '#f16913', '#fd8d3c', '#fdae6b', '#fdd0a2', '#fee6ce', '#fff5eb'];

/** Grafana's heatmap is in none of its packages: cells of the same look. */
export function Heat({ panel, frames, theme, timeRange, width, height }: PanelProps): ReactNode {
  const [frame] = frames;
  const times: readonly number[] = frame?.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
  const buckets = frame?.fields.filter(({ type }) => type === FieldType.number) ?? [];
  const { cellGap = 1 } = panel.options as { readonly cellGap?: number };
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const place = (time: number) => LEFT + ((time - from) / (to - from)) * (width - LEFT);
  const step = times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : to - from;
  const wide = place(from + step) - place(from) - cellGap;
  const tall = (height - AXIS - LEGEND) / buckets.length;
  const most = Math.max(1, ...buckets.flatMap(({ values }) => values as number[]));
  const { colors, typography } = theme;
  const text = { fill: colors.text.secondary, fontFamily: typography.fontFamily, fontSize: 12 };
  return (
    <svg width={width} height={height}>
      <title>{panel.title}</title>
      {buckets.map((bucket, row) => {
        const top = (buckets.length - 1 - row) * tall;
        return (
          <g key={bucket.name}>
            <text x={LEFT - 6} y={top + tall / 2 + 4} textAnchor="end" {...text}>
              {bucket.name === '+Inf' ? '+Inf' : `${bucket.name} d`}
            </text>
            {(bucket.values as number[]).map((value, index) =>
              value > 0 ? (
                <rect
                  key={times[index]}
                  x={Math.max(LEFT, place((times[index] ?? 0) - step))}
                  y={top}
                  width={Math.max(0.5, wide)}
                  height={tall - cellGap}
                  fill={colorOf(value / most)}
                  shapeRendering="crispEdges"
                />
              ) : null,
            )}
          </g>
        );
      })}
      {Array.from({ length: TICKS }, (_, index) => from + ((index + 0.5) * (to - from)) / TICKS).map((time) => (
        <text key={time} x={place(time)} y={height - LEGEND - 4} textAnchor="middle" {...text}>
          {new Date(time).toISOString().slice(5, 10)}
        </text>
      ))}
      <g transform={`translate(${LEFT}, ${height - LEGEND + 6})`}>
        {ORANGES.map((color, index) => (
          <rect key={color} x={24 + index * STEP} width={STEP} height={10} fill={color} />
        ))}
        <text x={18} y={10} textAnchor="end" {...text}>
          0
        </text>
        <text x={30 + ORANGES.length * STEP} y={10} {...text}>
          {most}
        </text>
      </g>
    </svg>
  );
}

/** The more, the lighter. The exponent is the panel's default. */
function colorOf(share: number): string {
  return ORANGES[Math.min(ORANGES.length - 1, Math.floor(Math.sqrt(share) * ORANGES.length))] ?? '#000';
}
