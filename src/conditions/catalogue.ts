import { AGENT_CONDITIONS } from './agent-conditions.ts';
import { CLIENT_CONDITIONS } from './client-conditions.ts';
import type { Condition, Finding, Verdict } from './condition.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { DOCUMENTATION } from './documentation.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';
import { LEASE_CONDITIONS } from './lease-conditions.ts';
import { LOG_CONDITIONS } from './log-conditions.ts';
import type { Picture } from './picture.ts';
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

/** Something that holds, with the condition that says so. */
export interface Judgement {
  readonly condition: Condition;
  readonly finding: Finding & { readonly remedy: string };
}

/** All that hold now, whatever their hold time; the critical first. */
export function judgements(picture: Picture): readonly Judgement[] {
  const all = CATALOGUE.flatMap((condition) =>
    (condition.evaluate?.(picture) ?? []).map((finding) => ({
      condition,
      finding: { ...finding, remedy: fillIn(finding.remedy ?? condition.remedy, finding.subject) },
    })),
  );
  return all.sort((a, b) => rank(a) - rank(b));
}

/** The same, as people see it. */
export function judge(picture: Picture): readonly Verdict[] {
  return judgements(picture).map(({ condition: { name, severity }, finding }) => ({ name, severity, ...finding }));
}

/** The path of a condition's runbook from the top of the package. */
export function runbookOf(name: string): string {
  return `docs/runbooks/${name}.md`;
}

/** The same for readers of Prometheus' and Grafana's alerts, who may have neither the package nor the agent. */
export function runbookUrlOf(name: string): string {
  return `${DOCUMENTATION}${runbookOf(name)}`;
}

function rank({ condition }: Judgement): number {
  return condition.severity === 'critical' ? 0 : 1;
}
