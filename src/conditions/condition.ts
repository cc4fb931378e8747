import type { Picture } from './picture.ts';

export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a condition is about; the groups of Prometheus' rules. */
export const CONDITION_GROUPS = ['hosts', 'dns', 'thresholds', 'logs', 'clients', 'leases', 'agent'] as const;
export type ConditionGroup = (typeof CONDITION_GROUPS)[number];

/** One thing that is wrong now. */
export interface Finding {
  /** The labels of the metric that shows it: which domain, host, port, server. */
  readonly subject: Readonly<Record<string, string>>;
  /** For a Windows administrator: what is wrong, with the name and the number. */
  readonly summary: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The number that is wrong, and the limit that it is over or under, where there are any. */
  readonly value?: number | undefined;
  readonly limit?: number | undefined;
}

/** What to do when it fires; Markdown, without headings. */
export interface Runbook {
  /** What is the case, and how it is known. */
  readonly meaning: string;
  /** Who notices what, and when. */
  readonly impact: string;
  /** Steps that find the cause. */
  readonly diagnosis: readonly string[];
  /** What mends it. */
  readonly mitigation: readonly string[];
}

/** A rule of the catalogue. Name and severity together are unique. */
export interface Condition {
  readonly name: string;
  readonly severity: Severity;
  /** One clause for lists. */
  readonly holdsWhen: string;
  readonly group: ConditionGroup;
  /** Milliseconds for which it has to hold before anybody is told. */
  readonly hold: number;
  /** What holds now: pure, from the picture alone. Undefined: only Prometheus can tell. */
  readonly evaluate: ((picture: Picture) => readonly Finding[]) | undefined;
  /** The same for Prometheus: a series for each finding, whose labels are its subject and those of the target. */
  readonly promql: string;
  /** One sentence without a full stop, as a template of Prometheus: which host, which number, by when. */
  readonly summary: string;
  /** What it means and what to do, as a template. */
  readonly description: string;
  /** Entries of one name share one. */
  readonly runbook: Runbook;
}

export interface Verdict extends Finding {
  readonly name: string;
  readonly severity: Severity;
}

/** A verdict as it is told to people and receivers: `GET /api/v1/conditions`, the status page, the notifier. */
export interface OpenCondition extends Verdict {
  /** When it began to hold, milliseconds since the epoch; survives a restart. */
  readonly since: number;
  /** Whether it has held for its hold time. */
  readonly firing: boolean;
  readonly value: number | undefined;
  readonly limit: number | undefined;
  /** The path of its runbook below the agent's address. */
  readonly runbook: string;
}
