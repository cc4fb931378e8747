import { AGENT_CONDITIONS } from './agent-conditions.ts';
import { CLIENT_CONDITIONS } from './client-conditions.ts';
import type { Condition, Finding, Verdict } from './condition.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';
import { LEASE_CONDITIONS } from './lease-conditions.ts';
import { LOG_CONDITIONS } from './log-conditions.ts';
import type { Picture } from './picture.ts';
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

/** Something that holds, with the condition that says so. */
export interface Judgement {
  readonly condition: Condition;
  readonly finding: Finding;
}

/** What holds now, whatever its hold time; the critical first. */
export function judgements(picture: Picture): readonly Judgement[] {
  const all = CATALOGUE.flatMap((condition) =>
    (condition.evaluate?.(picture) ?? []).map((finding) => ({ condition, finding })),
  );
  return all.sort((a, b) => rank(a) - rank(b));
}

/** The same, as it is told to people. */
export function judge(picture: Picture): readonly Verdict[] {
  return judgements(picture).map(({ condition: { name, severity }, finding }) => ({ name, severity, ...finding }));
}

/** Where the runbook of a condition stands, from the top of the package. */
export function runbookOf(name: string): string {
  return `docs/runbooks/${name}.md`;
}

/** Where an agent serves it, below the agent's address. */
export function runbookPathOf(name: string): string {
  return `runbooks/${name}`;
}

function rank({ condition }: Judgement): number {
  return condition.severity === 'critical' ? 0 : 1;
}
