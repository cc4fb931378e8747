import type { EstateView } from '../estate/view.ts';

export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that is wrong now. */
export interface Finding {
  /** The labels of the metric that shows it: which domain, host, port, server. */
  readonly subject: Readonly<Record<string, string>>;
  /** Where it differs from the condition's own. */
  readonly severity?: Severity;
  /** For a Windows administrator: what is wrong, with the name and the number. */
  readonly summary: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A rule of the catalogue: a pure function of the estate. */
export interface Condition {
  readonly name: string;
  readonly severity: Severity;
  /** Milliseconds for which it has to hold before anybody is told. */
  readonly hold: number;
  readonly evaluate: (view: EstateView) => readonly Finding[];
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
  /** The number that is wrong, and the limit that it is over or under, where there are any. */
  readonly value: number | undefined;
  readonly limit: number | undefined;
  /** Where its runbook stands. */
  readonly runbook: string;
}
