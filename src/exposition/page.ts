import { setImmediate } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Logger } from '../kernel/logger.ts';
import { type FamilyText, familyText } from './family-text.ts';
import type { Metric, MetricsSnapshot } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';
import { asOpenMetrics, END_OF_OPEN_METRICS, type MetricsFormat } from './open-metrics.ts';

/** Defaults of prom-client that `promtool check metrics` objects to: gauges whose names end in `_total`. */
const UNWANTED = /^nodejs_active_.*_total$/;

/** Samples after which the event loop takes a turn: a page of thousands of hosts does not hold it for long. */
const SAMPLES = 200;

/** Characters that are worth their own piece. */
const PIECE = 32 * 1024;

/** Writes pages of metrics. */
export interface MetricsPage {
  /**
   * One page from one snapshot, in pieces that are made as they are taken: that of thousands of hosts is never held as
   * a whole. A metric that fails is logged and ends there; the others stay.
   */
  render(snapshot: MetricsSnapshot, format?: MetricsFormat): AsyncIterable<string>;
}

interface Family extends FamilyText {
  readonly metric: Metric;
}

export function createMetricsPage(logger: Logger): MetricsPage {
  const families = METRIC_GROUPS.flatMap((group) => group.metrics).map((metric) => ({ metric, ...familyText(metric) }));
  const process = new Registry();
  collectDefaultMetrics({ register: process });
  for (const { name } of process.getMetricsAsArray()) {
    if (UNWANTED.test(name)) process.removeSingleMetric(name);
  }
  return {
    async *render(snapshot, format = 'text') {
      const logsFailure = (metric: string, err: unknown): void =>
        logger.error({ metric, err }, 'cannot write a metric: it is missing from the page or incomplete');
      let piece = '';
      let samples = 0;
      for (const text of textOf(families, snapshot, format, logsFailure)) {
        piece += text;
        samples += 1;
        if (samples % SAMPLES > 0) continue;
        if (piece.length >= PIECE) {
          yield piece;
          piece = '';
        }
        await setImmediate();
      }
      const own = await process.metrics().catch((error) => logsFailure('process', error));
      yield piece + (format === 'text' ? `\n${own ?? ''}` : asOpenMetrics(own ?? '') + END_OF_OPEN_METRICS);
    },
  };
}

/** The families, a sample at a time. What is withdrawn is absent, HELP and TYPE too. */
function* textOf(
  families: readonly Family[],
  snapshot: MetricsSnapshot,
  format: MetricsFormat,
  logsFailure: (metric: string, error: unknown) => void,
): Generator<string> {
  // In the text format there is an empty line between families.
  const between = format === 'text' ? '\n' : '';
  let separator = '';
  for (const { metric, head, line } of families) {
    try {
      let before = separator + head[format];
      for (const sample of metric.samples(snapshot)) {
        yield before + line(sample);
        before = '';
        separator = between;
      }
    } catch (error) {
      logsFailure(metric.name, error);
    }
  }
}
