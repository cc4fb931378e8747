import { expect, it } from 'vitest';
import { asOpenMetrics, formatFor } from './open-metrics.ts';

const PROMETHEUS_2_42 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const WITH_PROTOBUF =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.7';

it.each([
  [PROMETHEUS_2_42, 'openmetrics'],
  [PROMETHEUS_3, 'openmetrics'],
  [WITH_PROTOBUF, 'openmetrics'],
  ['application/openmetrics-text', 'openmetrics'],
  ['Application/OpenMetrics-Text; Version="1.0.0"; charset=utf-8', 'openmetrics'],
  ['application/openmetrics-text;q=0.2, text/plain', 'text'],
  ['application/openmetrics-text; version=2.0.0', 'text'],
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', 'text'],
  ['application/openmetrics-text; version=0.0.1', 'text'],
  ['application/openmetrics-text; version=1.0.0; q=0, */*', 'text'],
  ['text/plain, application/openmetrics-text; version=1.0.0; q=0.5', 'text'],
  [';;;=,q=;x', 'text'],
])('Accept: %s gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

it('writes what differs', () => {
  const page = [
    '# HELP a_total Says "a"\n# TYPE a_total counter\na_total{x="a_total "} 1\n',
    '\n# HELP b B\n# TYPE b histogram\nb_bucket{le="1"} 1\nb_bucket{x="y",le="0.5"} 0\nb_bucket{le="+Inf"} 1\n',
  ];
  expect(asOpenMetrics(page.join(''))).toBe(
    [
      '# HELP a Says \\"a\\"',
      '# TYPE a counter',
      'a_total{x="a_total "} 1',
      '# HELP b B',
      '# TYPE b histogram',
      'b_bucket{le="1.0"} 1',
      'b_bucket{x="y",le="0.5"} 0',
      'b_bucket{le="+Inf"} 1',
      '',
    ].join('\n'),
  );
});
