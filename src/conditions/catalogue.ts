import { AGENT_CONDITIONS } from './agent-conditions.ts';
import { CLIENT_CONDITIONS } from './client-conditions.ts';
import type { Condition, NamedFinding } from './condition.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';
import { LEASE_CONDITIONS } from './lease-conditions.ts';
import { LOG_CONDITIONS } from './log-conditions.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { fillIn } from './templates.ts';
import { THRESHOLD_CONDITIONS } from './threshold-conditions.ts';

/** Every condition, the most important first. */
export const CATALOGUE: readonly Condition[] = [
  ...HOST_CONDITIONS,
  ...THRESHOLD_CONDITIONS,
  ...LEASE_CONDITIONS,
  ...DISCOVERY_CONDITIONS,
  ...LOG_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...AGENT_CONDITIONS,
];

/** All findings now, whatever the hold time of their conditions; the critical first. */
export function findingsIn(snapshot: ConditionSnapshot): readonly NamedFinding[] {
  const all = CATALOGUE.flatMap(({ name, severity, hold, remedy, evaluate }) =>
    (evaluate?.(snapshot) ?? []).map((finding) => ({
      name,
      severity,
      hold,
      ...finding,
      remedy: fillIn(finding.remedy ?? remedy, finding.subject),
    })),
  );
  return all.sort((a, b) => rank(a) - rank(b));
}

/** The path of a condition's runbook from the top of the package. */
export function runbookOf(name: string): string {
  return `docs/runbooks/${name}.md`;
}

/** Where an agent serves it, below the agent's address. */
export function runbookPathOf(name: string): string {
  return `runbooks/${name}`;
}

function rank({ severity }: NamedFinding): number {
  return severity === 'critical' ? 0 : 1;
}
