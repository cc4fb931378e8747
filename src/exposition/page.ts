import { setImmediate } from 'node:timers/promises';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Logger } from '../kernel/logger.ts';
import type { Metric, Source } from './metric.ts';
import { METRIC_GROUPS } from './metrics-table.ts';

/** Defaults of prom-client that `promtool check metrics` objects to: gauges whose names end in `_total`. */
const UNWANTED = /^nodejs_active_.*_total$/;

/** Writes pages of metrics in the text format 0.0.4. */
export interface MetricsPage {
  readonly contentType: string;
  /** One page from one picture; a metric that fails is logged and left out, the others stand. */
  render(source: Source): Promise<string>;
}

export function createMetricsPage(logger: Logger): MetricsPage {
  const registry = new Registry();
  const writers = METRIC_GROUPS.flatMap((group) => group.metrics).map((metric) => createWriter(metric, registry));
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  for (const { name } of own.getMetricsAsArray()) {
    if (UNWANTED.test(name)) own.removeSingleMetric(name);
  }
  return {
    contentType: registry.contentType,
    async render(source) {
      const parts: string[] = [];
      for (const writer of writers) {
        parts.push(await guarded(writer.name, () => writer.write(source), logger));
        // One family at a time, so that a page for thousands of hosts never holds the event loop for long.
        await setImmediate();
      }
      parts.push(await guarded('process', () => own.metrics(), logger));
      return parts.filter((part) => part !== '').join('\n');
    },
  };
}

interface Writer {
  readonly name: string;
  write(source: Source): Promise<string>;
}

function createWriter(metric: Metric, registry: Registry): Writer {
  const { name, help, type } = metric;
  const options = { name, help, labelNames: [...metric.labels], registers: [registry] };
  const family = type === 'counter' ? new Counter(options) : new Gauge(options);
  return {
    name,
    write(source) {
      // From the reset to the call that reads the values there is no await: two scrapes at once cannot mix.
      family.reset();
      let empty = true;
      for (const [values, value] of metric.samples(source)) {
        empty = false;
        if (values.length === 0) family.inc(value);
        else family.inc(Object.fromEntries(values.map((text, index) => [metric.labels[index], text])), value);
      }
      // prom-client gives a family without labels the value 0 after a reset; withdrawn means absent.
      const text = empty ? Promise.resolve('') : registry.getSingleMetricAsString(name).then((text) => `${text}\n`);
      // The values were read by that call; thousands of hosts would have them kept until the next scrape.
      family.reset();
      return text;
    },
  };
}

async function guarded(name: string, write: () => Promise<string>, logger: Logger): Promise<string> {
  try {
    return await write();
  } catch (error) {
    logger.error({ metric: name, err: error }, 'a metric could not be written and is missing from the page');
    return '';
  }
}
