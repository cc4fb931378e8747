import { type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Answer } from './drawing.ts';

/** Converts the answers for a panel as Grafana's data source for Prometheus does. */
export function framesOf(answers: readonly Answer[]): DataFrame[] {
  return answers.flatMap((answer) => {
    if (answer.format === 'table') return [tableOf(answer, answers.length)];
    if (answer.format === 'heatmap') return bucketsOf(answer);
    return answer.series.map((series) => lineOf(answer, series));
  });
}

function lineOf({ refId, legend, step }: Answer, { labels, points }: Answer['series'][number]): DataFrame {
  const name = legend === '' ? JSON.stringify(labels) : legendText(legend, labels);
  const { times, values } = broken(points, step);
  return {
    refId,
    name,
    length: times.length,
    fields: [
      { ...field('Time', FieldType.time, times), config: { interval: step * 1000 } },
      { ...field('Value', FieldType.number, values), labels: { ...labels }, config: { displayNameFromDS: name } },
    ],
  };
}

/** Where points are further apart than a step, the line is broken by a null, as Grafana does it. */
function broken(points: Answer['series'][number]['points'], step: number) {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (const [at, value] of points) {
    const last = times.at(-1);
    if (last !== undefined && at * 1000 - last > step * 1000) {
      times.push(last + 1);
      values.push(null);
    }
    times.push(at * 1000);
    values.push(Number(value));
  }
  return { times, values };
}

function tableOf({ refId, series }: Answer, queries: number): DataFrame {
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.labels)))].toSorted();
  const last = series.map(({ points }) => points.at(-1) ?? ([0, 'NaN'] as const));
  return {
    refId,
    length: series.length,
    fields: [
      field(
        'Time',
        FieldType.time,
        last.map(([at]) => at * 1000),
      ),
      ...labels.map((label) =>
        field(
          label,
          FieldType.string,
          series.map((each) => each.labels[label] ?? ''),
        ),
      ),
      field(
        queries > 1 ? `Value #${refId}` : 'Value',
        FieldType.number,
        last.map(([, value]) => Number(value)),
      ),
    ],
  };
}

/** Cumulative buckets become the number in each, lowest first. */
function bucketsOf({ refId, series }: Answer): DataFrame[] {
  const sorted = series.toSorted((a, b) => bound(a.labels['le']) - bound(b.labels['le']));
  const times = sorted[0]?.points.map(([at]) => at * 1000) ?? [];
  const counts = sorted.map(({ points }) => new Map(points.map(([at, value]) => [at * 1000, Number(value)])));
  return [
    {
      refId,
      length: times.length,
      fields: [
        field('Time', FieldType.time, times),
        ...sorted.map(({ labels }, index) => {
          const own = times.map((time) => (counts[index]?.get(time) ?? 0) - (counts[index - 1]?.get(time) ?? 0));
          return field(labels['le'] ?? '', FieldType.number, own);
        }),
      ],
    },
  ];
}

function bound(le: string | undefined): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function legendText(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}

function field(name: string, type: FieldType, values: unknown[]): Field {
  return { name, type, values, config: {} };
}
