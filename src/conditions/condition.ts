import type { Millis } from '../kernel/time.ts';
import type { SiteScope } from './site-scope.ts';
import type { ConditionSnapshot } from './snapshot.ts';

const SEVERITIES = ['critical', 'warning'] as const;
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
  /** The summary without the names of machines, which not everyone may see; undefined if it has none. */
  readonly summaryWithoutNames?: string;
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

/**
 * How a condition about a host comes by its label `domain`. PromQL cannot multiply two sets in which a host is several
 * times each, so it has to know by which further label a host is there several times: `host` for none, a label with known
 * values, or `port`. `single`: by one with any values; then only a host of a single domain has the label `domain`.
 */
export type DomainLabel = 'host' | 'port' | 'class' | 'pool' | 'single';

/** A rule of the catalogue. Name, severity and variant together are unique. */
export interface Condition {
  readonly name: string;
  readonly severity: Severity;
  /** Tells it from another of the same name and severity that holds for another time; a short word. */
  readonly variant?: string;
  /** Whether it is about records that only some name servers have, or about all others (`besidesPartial`). */
  readonly partial?: 'none' | 'only';
  /** Labels of its alerts that no series has; its findings have them in their subject. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One clause for lists. */
  readonly holdsWhen: string;
  readonly group: ConditionGroup;
  /** Milliseconds for which it has to hold before it fires. */
  readonly hold: Millis;
  /**
   * Milliseconds for which it goes on firing once it no longer holds, where its value wavers; default: none. In the
   * catalogue, a cause has more if what it explains goes on for as long.
   */
  readonly keepFiring?: Millis;
  /** A pure function of the snapshot. Undefined if only Prometheus can findingsIn it. */
  readonly evaluate: ((snapshot: ConditionSnapshot) => readonly Finding[]) | undefined;
  /** The same for Prometheus: a series for each finding, whose labels are its subject and those of the target. */
  readonly promql: string;
  /** The same by what is recorded (`UNJUDGED_RECORD`), for rules in one group with it; undefined if nothing is. */
  readonly recorded?: string | undefined;
  /** For a condition about a host: the alert is there for each domain of the host. Undefined: it has its domain, or none. */
  readonly domainLabel?: DomainLabel;
  /** Whose word the alert is where a site has several agents; default: `site`. */
  readonly scope?: SiteScope;
  /** Labels of `promql` beside the host and that one. */
  readonly ownLabels?: readonly string[];
  /** One sentence without a full stop, as a Prometheus template: which host, which number, by when. */
  readonly summary: string;
  /** The consequences, as a template. */
  readonly meaning: string;
  /** What Prometheus has to ask for while it writes the alert, behind the meaning; as a template (evidence.ts). */
  readonly evidence?: string;
  /** The next steps, as a template. The agent can fill in only the labels of the subject (`fillIn`). */
  readonly remedy: string;
  /** Entries of one name share one. */
  readonly runbook: Runbook;
}

/** Which condition, and about what. */
export type ConditionKey = Pick<NamedFinding, 'name' | 'subject'>;

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
  /** Since when it no longer holds, if it goes on firing all the same (`Condition.keepFiring`). */
  readonly overSince: Millis | undefined;
  /** The firing condition that is its root cause; undefined if it is a cause itself. */
  readonly explainedBy: ConditionKey | undefined;
  /** The path of its runbook below the agent's address. */
  readonly runbook: string;
}
