import { setImmediate } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, type MetricType, Registry } from 'prom-client';
import { batches } from '../kernel/batches.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Metric, MetricsSnapshot, Sample } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';
import { asOpenMetrics, type MetricsFormat } from './open-metrics.ts';

/** Defaults of prom-client that `promtool check metrics` objects to: gauges whose names end in `_total`. */
const UNWANTED = /^nodejs_active_.*_total$/;

/** Samples that are written at once: their labels die young then, and the event loop is not held for long. */
const SAMPLES = 200;

/** Characters that are worth a piece of their own. */
const PIECE = 32 * 1024;

/** Writes pages of metrics. */
export interface MetricsPage {
  /**
   * One page from one snapshot, in pieces that are made as they are taken: that of thousands of hosts is never held as
   * a whole. A metric that fails is logged and ends there, the others stand.
   */
  render(snapshot: MetricsSnapshot, format?: MetricsFormat): AsyncIterable<string>;
}

export function createMetricsPage(logger: Logger): MetricsPage {
  const registry = new Registry();
  const writers = METRIC_GROUPS.flatMap((group) => group.metrics).map((metric) => createWriter(metric, registry));
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  for (const { name } of own.getMetricsAsArray()) {
    if (UNWANTED.test(name)) own.removeSingleMetric(name);
  }
  const process: Writer = {
    name: 'process',
    async *write() {
      yield own.metrics();
    },
  };
  return {
    render: (snapshot, format = 'text') => {
      const texts = textOf([...writers, process], snapshot, logger);
      return inPieces(format === 'text' ? texts : asOpenMetrics(texts));
    },
  };
}

interface Writer {
  readonly name: string;
  /** The text of the family in parts that each end in a line feed; nothing where there is no sample. */
  write(snapshot: MetricsSnapshot): AsyncIterable<string>;
}

function createWriter(metric: Metric, registry: Registry): Writer {
  const { name } = metric;
  const lines = createLines(metric, registry);
  return {
    name,
    async *write(snapshot) {
      let isFirst = true;
      // What is withdrawn is absent, HELP and TYPE too: there is no empty batch.
      for (const samples of batches(metric.samples(snapshot), SAMPLES)) {
        const text = await lines(samples);
        yield `${isFirst ? text : withoutHead(text)}\n`;
        isFirst = false;
      }
    },
  };
}

/**
 * Has prom-client write samples that it does not keep. In its own books each series gets a text by which it is known, and
 * a page for hundreds of hosts would leave 20 MB of them behind, for the next full collection of garbage.
 */
function createLines({ name, help, type, labels }: Metric, registry: Registry) {
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const family = type === 'counter' ? new Counter(options) : new Gauge(options);
  const bare = family.get.bind(family);
  let values: Line[] = [];
  // Takes the values at the call, before anything is waited for: two scrapes at once cannot mix.
  family.get = async () => {
    const own = values;
    // A gauge of it has the lines of a summary as they are.
    return { ...(await bare()), type: type as unknown as MetricType, values: own };
  };
  return (samples: readonly Sample[]): Promise<string> => {
    values = samples.map(([texts, value, suffix = '']) => ({
      metricName: name + suffix,
      labels: labelled(labels, texts),
      value,
      sharedLabels: NONE,
    }));
    const text = registry.getSingleMetricAsString(name);
    values = [];
    return text;
  };
}

interface Line {
  readonly metricName: string;
  readonly labels: Record<string, string>;
  readonly value: number;
  /** One for all: prom-client remembers, by each, how it is written. */
  readonly sharedLabels: object;
}

const NONE = {};

function labelled(names: readonly string[], texts: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [index, name] of names.entries()) labels[name] = texts[index] ?? '';
  return labels;
}

/** HELP and TYPE stand above the first samples alone. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1);
}

/** The families with an empty line between them. */
async function* textOf(writers: readonly Writer[], snapshot: MetricsSnapshot, logger: Logger): AsyncGenerator<string> {
  let separator = '';
  for (const writer of writers) {
    try {
      let before = separator;
      for await (const text of writer.write(snapshot)) {
        yield before + text;
        before = '';
        separator = '\n';
        await setImmediate();
      }
    } catch (error) {
      logger.error(
        { metric: writer.name, err: error },
        'cannot write a metric: it is missing from the page or incomplete',
      );
    }
  }
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
