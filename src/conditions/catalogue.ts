import { AGENT_CONDITIONS } from './agent-conditions.ts';
import { CLIENT_CONDITIONS } from './client-conditions.ts';
import type { Condition, NamedFinding } from './condition.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { DOCUMENTATION } from './documentation.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';
import { LEASE_CONDITIONS } from './lease-conditions.ts';
import { LOG_CONDITIONS } from './log-conditions.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { THRESHOLD_CONDITIONS } from './threshold-conditions.ts';

/** Every condition, in the order in which a person should hear of them. */
export const CATALOGUE: readonly Condition[] = [
  ...HOST_CONDITIONS,
  ...THRESHOLD_CONDITIONS,
  ...LEASE_CONDITIONS,
  ...DISCOVERY_CONDITIONS,
  ...LOG_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...AGENT_CONDITIONS,
];

/** What holds now, whatever its hold time; the critical first. */
export function findingsIn(snapshot: ConditionSnapshot): readonly NamedFinding[] {
  const all = CATALOGUE.flatMap(({ name, severity, hold, evaluate }) =>
    (evaluate?.(snapshot) ?? []).map((finding) => ({ name, severity, hold, ...finding })),
  );
  return all.sort((a, b) => rank(a) - rank(b));
}

/** Where the runbook of a condition stands, from the top of the package. */
export function runbookOf(name: string): string {
  return `docs/runbooks/${name}.md`;
}

/** The same for a reader who has neither the package nor the agent: of Prometheus' and Grafana's alerts. */
export function runbookUrlOf(name: string): string {
  return `${DOCUMENTATION}${runbookOf(name)}`;
}

function rank({ severity }: NamedFinding): number {
  return severity === 'critical' ? 0 : 1;
}
