import type { OpenCondition } from './condition.ts';

/** A condition as `GET /api/v1/conditions` gives it. */
export interface ConditionJson {
  readonly name: string;
  readonly severity: string;
  readonly subject: Readonly<Record<string, string>>;
  /** RFC 3339 in UTC. */
  readonly since: string;
  readonly firing: boolean;
  readonly summary: string;
  readonly value: number | null;
  readonly limit: number | null;
  /** The whole address of its runbook. */
  readonly runbook: string;
}

/** @param runbook the whole address of its runbook */
export function conditionJson(condition: OpenCondition, runbook: string): ConditionJson {
  const { name, severity, subject, since, firing, summary, value, limit } = condition;
  return {
    name,
    severity,
    subject,
    since: new Date(since).toISOString(),
    firing,
    summary,
    value: value ?? null,
    limit: limit ?? null,
    runbook,
  };
}
