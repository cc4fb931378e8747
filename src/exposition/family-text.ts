import type { Metric, Sample } from './metric.ts';
import { asOpenMetrics, type MetricsFormat } from './open-metrics.ts';

/** How a metric is written: the lines above its samples in each format, and the line of a sample. */
export interface FamilyText {
  readonly head: Readonly<Record<MetricsFormat, string>>;
  readonly line: (sample: Sample) => string;
}

/** The text format 0.0.4, in which a line is the same as in OpenMetrics; each ends in a line feed. */
export function familyText({ name, type, help, labels }: Metric): FamilyText {
  const text = `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n`;
  const openings = labels.map((label, index) => `${index === 0 ? '{' : '",'}${label}="`);
  const ending = labels.length === 0 ? ' ' : '"} ';
  return {
    head: { text, openmetrics: asOpenMetrics(text) },
    line: ([texts, value, suffix = '']) => {
      let line = name + suffix;
      for (const [index, opening] of openings.entries()) line += opening + escapeLabel(texts[index] ?? '');
      return `${line}${ending}${numberText(value)}\n`;
    },
  };
}

/** `\`, `"` and the end of a line. */
export function escapeLabel(text: string): string {
  return /[\\"\n]/.test(text)
    ? text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
    : text;
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
