export type MetricsFormat = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export const END_OF_OPEN_METRICS = '# EOF\n';

/**
 * Writes what is in the text format 0.0.4 in OpenMetrics 1.0: a counter's family has no `_total`, quotes in HELP are
 * escaped, `le` is a float, and no line is empty.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 * @param text whole lines
 */
export function asOpenMetrics(text: string): string {
  return text
    .replace(/^\n/gm, '')
    .replace(/^# (HELP|TYPE) (\S+)_total /gm, '# $1 $2 ')
    .replace(/^# HELP .*"/gm, (line) => line.replaceAll('"', '\\"'))
    .replace(/(?<=[{,]le=")(\d+)(?=")/g, '$1.0');
}

/**
 * The format that a client of HTTP prefers, by its Accept: OpenMetrics if it asks for version 1.0.0, as Prometheus does,
 * or for no version, as people do. What names no type that is known gets the text format.
 */
export function formatFor(accept: string | undefined): MetricsFormat {
  let [openmetrics, text] = [0, 0];
  for (const range of (accept ?? '').toLowerCase().replaceAll('"', '').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
    const quality = Number(values.get('q') ?? 1);
    if (type === 'application/openmetrics-text' && (values.get('version') ?? '1.0.0') === '1.0.0')
      openmetrics = Math.max(openmetrics, quality);
    if (type === 'text/plain' || type === '*/*' || type === 'text/*') text = Math.max(text, quality);
  }
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}
