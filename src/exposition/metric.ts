import type { AgentSnapshot } from '../conditions/agent-snapshot.ts';
import type { Snapshot } from '../conditions/snapshot.ts';

/** All that a page of metrics is made from: one snapshot of a running agent, so that no page mixes two moments. */
export interface MetricsSnapshot extends Snapshot {
  readonly agent: AgentSnapshot;
}

/** Label values in the order of the metric's labels, and the value; of a summary, which of its two it is. */
export type Sample = readonly [labels: readonly string[], value: number, suffix?: '_sum' | '_count' | undefined];

/** A row of the metrics table. Code, `docs/metrics.md` and the golden file derive from it. */
export interface Metric {
  readonly name: string;
  /** A counter's name ends in `_total`, and no other's. */
  readonly type: 'gauge' | 'counter' | 'summary';
  /** One sentence without a full stop; units as in the name. */
  readonly help: string;
  readonly labels: readonly string[];
  /** No two have the same values of all labels: a series is on a page once. */
  readonly samples: (snapshot: MetricsSnapshot) => Iterable<Sample>;
}

/** 0 or 1. */
export function flag(value: boolean): number {
  return value ? 1 : 0;
}
