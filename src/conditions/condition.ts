import type { Millis } from '../kernel/time.ts';
import type { ConditionSnapshot } from './snapshot.ts';

export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a condition is about; the groups of Prometheus' rules. */
export const CONDITION_GROUPS = ['hosts', 'dns', 'thresholds', 'logs', 'clients', 'leases', 'agent'] as const;
export type ConditionGroup = (typeof CONDITION_GROUPS)[number];

/** One thing that is wrong now. */
export interface Finding {
  /** The labels of the metric that shows it: which domain, host, port, server. */
  readonly subject: Readonly<Record<string, string>>;
  /** For a Windows administrator: the fault, with its name and number. */
  readonly summary: string;
  /** Replaces the condition's remedy if the finding can give better advice. */
  readonly remedy?: string;
  /** The number that is wrong and the limit it crosses, if there are any. */
  readonly value?: number | undefined;
  readonly limit?: number | undefined;
}

/** Instructions for the time when the condition fires; Markdown, without headings. */
export interface Runbook {
  /** The fault, and how it was detected. */
  readonly meaning: string;
  /** Who notices it, and when. */
  readonly impact: string;
  /** Steps that find the cause. */
  readonly diagnosis: readonly string[];
  /** Steps that fix it. */
  readonly mitigation: readonly string[];
}

/** A rule of the catalogue. Name and severity together are unique. */
export interface Condition {
  readonly name: string;
  readonly severity: Severity;
  /** One clause for lists. */
  readonly holdsWhen: string;
  readonly group: ConditionGroup;
  /** Milliseconds for which it has to hold before it fires. */
  readonly hold: Millis;
  /** A pure function of the snapshot. Undefined if only Prometheus can findingsIn it. */
  readonly evaluate: ((snapshot: ConditionSnapshot) => readonly Finding[]) | undefined;
  /** The same for Prometheus: a series for each finding, whose labels are its subject and those of the target. */
  readonly promql: string;
  /** One sentence without a full stop, as a Prometheus template: which host, which number, by when. */
  readonly summary: string;
  /** The consequences, as a template. */
  readonly meaning: string;
  /** The next steps, as a template. The agent can fill in only the labels of the subject (`fillIn`). */
  readonly remedy: string;
  /** Entries of one name share one. */
  readonly runbook: Runbook;
}

/** A finding with the condition that holds. */
export interface NamedFinding extends Finding, Pick<Condition, 'name' | 'severity' | 'hold'> {
  readonly remedy: string;
}

/** A finding as people and receivers see it: `GET /api/v1/conditions`, the status page, the notifier. */
export interface OpenCondition extends Omit<NamedFinding, 'hold'> {
  /** When it began to hold, milliseconds since the epoch; survives a restart. */
  readonly since: Millis;
  /** Whether it has held for its hold time. */
  readonly firing: boolean;
  readonly value: number | undefined;
  readonly limit: number | undefined;
  /** The path of its runbook below the agent's address. */
  readonly runbook: string;
}
