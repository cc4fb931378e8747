import { type DataFrame, type DisplayValue, type Field, FieldType, getFieldDisplayName } from '@grafana/data';
import type { ReactNode } from 'react';
import type { PanelProps } from './panel.tsx';

const LABELS = 0.28;
const AXIS = 22;
const TICKS = 6;

interface Part {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly shown: DisplayValue;
}

/** Grafana's state timeline is in none of its packages: rows of the same look. */
export function States({ panel, frames, theme, timeRange, width, height }: PanelProps): ReactNode {
  const from = timeRange.from.valueOf();
  const to = timeRange.to.valueOf();
  const left = Math.min(260, width * LABELS);
  const place = (time: number) => left + ((Math.max(time, from) - from) / (to - from)) * (width - left);
  const tall = (height - AXIS) / frames.length;
  const { colors, typography } = theme;
  const text = { fill: colors.text.primary, fontFamily: typography.fontFamily, fontSize: 12 };
  return (
    <svg width={width} height={height}>
      <title>{panel.title}</title>
      {frames.map((frame, index) => {
        const name = getFieldDisplayName(valueField(frame), frame, frames);
        const top = index * tall + tall * 0.1;
        return (
          <g key={name}>
            <text x={left - 8} y={index * tall + tall / 2 + 4} textAnchor="end" {...text}>
              {name}
            </text>
            {partsOf(frame, to).map((part) => (
              <g key={part.from}>
                <rect
                  x={place(part.from)}
                  y={top}
                  width={Math.max(1, place(part.to) - place(part.from))}
                  height={tall * 0.8}
                  fill={part.shown.color ?? colors.text.disabled}
                  fillOpacity={0.7}
                />
                {place(part.to) - place(part.from) > 60 && (
                  <text x={place(part.from) + 6} y={top + tall * 0.4 + 4} {...text} fill="#fff">
                    {part.shown.text}
                  </text>
                )}
              </g>
            ))}
          </g>
        );
      })}
      {Array.from({ length: TICKS }, (_, index) => from + ((index + 0.5) * (to - from)) / TICKS).map((time) => (
        <text key={time} x={place(time)} y={height - 4} textAnchor="middle" {...text} fill={colors.text.secondary}>
          {new Date(time).toISOString().slice(5, 16).replace('T', ' ')}
        </text>
      ))}
    </svg>
  );
}

/** Equal values in a row are one part. */
function partsOf(frame: DataFrame, end: number): readonly Part[] {
  const times: readonly number[] = frame.fields.find(({ type }) => type === FieldType.time)?.values ?? [];
  const field = valueField(frame);
  const parts: { from: number; value: unknown }[] = [];
  for (const [index, from] of times.entries()) {
    const value: unknown = field.values[index];
    if (parts.at(-1)?.value !== value) parts.push({ from, value });
  }
  return parts.map(({ from, value }, index) => ({
    from,
    to: parts[index + 1]?.from ?? end,
    shown: field.display?.(value) ?? { text: String(value), numeric: Number(value) },
  }));
}

function valueField(frame: DataFrame): Field {
  const [, field] = frame.fields;
  if (field === undefined) throw new Error('a state has a time and a value');
  return field;
}
