import { AGENT_CONDITIONS } from './agent-conditions.ts';
import { CLIENT_CONDITIONS } from './client-conditions.ts';
import type { Condition, NamedFinding } from './condition.ts';
import { DIRECTORY_CONDITIONS } from './directory-conditions.ts';
import { DISCOVERY_CONDITIONS } from './discovery-conditions.ts';
import { promqlWithDomains, withDomains } from './domain-labels.ts';
import { UNJUDGED_RECORD, withoutRecords } from './feed-promql.ts';
import { HOST_CONDITIONS } from './host-conditions.ts';
import { outlastingEffects } from './keep-firing.ts';
import { KEY_CONDITIONS } from './key-conditions.ts';
import { LEASE_CONDITIONS } from './lease-conditions.ts';
import { LOG_CONDITIONS } from './log-conditions.ts';
import { MACHINE_CONDITIONS } from './machine-conditions.ts';
import { ofPartial, promqlOfPartial } from './partial-records.ts';
import { SILENT_AGENT_CONDITIONS } from './silent-agent-conditions.ts';
import { promqlOfSite } from './site-scope.ts';
import type { ConditionSnapshot } from './snapshot.ts';
import { fillIn } from './templates.ts';
import { THRESHOLD_CONDITIONS } from './threshold-conditions.ts';

/** Every condition, the most important first. */
export const CATALOGUE: readonly Condition[] = outlastingEffects([
  ...HOST_CONDITIONS,
  ...THRESHOLD_CONDITIONS,
  ...LEASE_CONDITIONS,
  ...DISCOVERY_CONDITIONS,
  ...KEY_CONDITIONS,
  ...DIRECTORY_CONDITIONS,
  ...MACHINE_CONDITIONS,
  ...LOG_CONDITIONS,
  ...CLIENT_CONDITIONS,
  ...AGENT_CONDITIONS,
  ...SILENT_AGENT_CONDITIONS,
]).map((condition) => ({ ...condition, ...promqlOf(condition) }));

/** Of a site, and each domain of a host. */
function promqlOf({
  promql,
  domainLabel,
  ownLabels,
  partial,
  scope,
}: Condition): Pick<Condition, 'promql' | 'recorded'> {
  const whole = promqlOfSite(promqlOfPartial(promqlWithDomains(promql, domainLabel, ownLabels), partial), scope);
  return { promql: withoutRecords(whole), recorded: whole.includes(UNJUDGED_RECORD) ? whole : undefined };
}

/** All findings now, whatever the hold time of their conditions; the critical first. */
export function findingsIn(snapshot: ConditionSnapshot): readonly NamedFinding[] {
  const all = CATALOGUE.flatMap(({ name, severity, hold, remedy, domainLabel, partial, evaluate }) =>
    ofPartial(withDomains(evaluate?.(snapshot) ?? [], domainLabel, snapshot), partial, snapshot).map((finding) => ({
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
