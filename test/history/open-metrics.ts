import type { Look } from './watched-demo.ts';

/** With which the history is scraped. */
export const TARGET = { job: 'kmswatch', instance: 'kmswatch.corp.example:11688' } as const;

const TARGET_LABELS = labelText(TARGET);

/**
 * The samples that a scrape of the page at that moment leaves in Prometheus, as OpenMetrics text for `promtool tsdb
 * create-blocks-from openmetrics`: the page's samples with the labels of the target, `up`, and the results of the
 * rules. Rules cannot be run over the past (promtool leaves out alerts), so these come from the agent's own judgement;
 * `test/conditions/agreement.test.ts` shows that the two agree.
 * @param shift seconds from the look's time to that of the samples, and of those whose values are times
 */
export function* scraped({ at: simulated, page, open }: Look, shift: number): Iterable<string> {
  const at = simulated + shift;
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    yield `${withTarget(line, shift)} ${at}\n`;
  }
  yield `up{${TARGET_LABELS}} 1 ${at}\n`;
  for (const { name: alertname, severity, subject, firing } of open) {
    const labels = { alertname, severity, ...subject, ...TARGET, alertstate: firing ? 'firing' : 'pending' };
    yield `ALERTS{${labelText(labels)}} 1 ${at}\n`;
  }
}

/** The last line of such a text. */
export const END = '# EOF\n';

/** @param line a sample in the text format, without a time */
function withTarget(line: string, shift: number): string {
  const end = line.lastIndexOf(' ');
  const series = line.slice(0, end);
  const labelled = series.endsWith('}') ? `${series.slice(0, -1)},${TARGET_LABELS}}` : `${series}{${TARGET_LABELS}}`;
  const value = line.slice(end + 1);
  const isTime = /^kms(watch)?_\w+_timestamp_seconds\b/.test(series);
  return `${labelled} ${isTime ? Number(value) + shift : value}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}
