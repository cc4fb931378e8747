import type { ConditionKey, OpenCondition } from './condition.ts';

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
  /** The firing condition that is its root cause; null for a cause itself. */
  readonly explained_by: ConditionKey | null;
}

/**
 * @param runbook the whole address of its runbook
 * @param isNaming whether the summary may have names of machines
 */
export function conditionJson(condition: OpenCondition, runbook: string, isNaming: boolean): ConditionJson {
  const { name, severity, subject, since, firing, value, limit, explainedBy } = condition;
  const summary = isNaming ? condition.summary : (condition.summaryWithoutNames ?? condition.summary);
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
    explained_by: explainedBy ?? null,
  };
}
