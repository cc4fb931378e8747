import { MINUTE_MS, millis } from '../kernel/time.ts';
import { AGENTS, LAST_KNOWN_AGENTS } from './agent-targets.ts';
import type { Condition } from './condition.ts';
import { SILENT_AGENTS } from './evidence.ts';
import { AGENT_RUNBOOKS } from './runbooks/agent.ts';

/** What no agent can say of itself: only Prometheus judges these. */
export const SILENT_AGENT_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmswatchDown',
    severity: 'critical',
    holdsWhen: 'no agent of a job and site is up, or Prometheus has no agent to scrape at all',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: undefined,
    // A site that falls silent after its last agent died has no agent that is up for that.
    promql: `max by (job, site) (
  ${AGENTS}
) == 0
or
(
  max by (job, site) (
    ${LAST_KNOWN_AGENTS}
  ) == 0
  unless on (job, site)
  group by (job, site) (up)
)
or
absent(
  ${AGENTS}
)`,
    scope: 'agent',
    summary:
      'kmswatch{{ if $labels.site }} at {{ $labels.site }}{{ end }} is down, so the KMS hosts are not being watched',
    meaning:
      'Prometheus cannot scrape any agent of this job and site, or has none to scrape. Meanwhile, no other KMS alert can fire.',
    evidence: SILENT_AGENTS,
    remedy: 'Start the service and look at its log. GET /-/healthy shows whether it is listening.',
    runbook: AGENT_RUNBOOKS.KmswatchDown,
  },
  {
    name: 'KmswatchReplicaDown',
    severity: 'warning',
    holdsWhen: 'an agent is down while another of its job and site is up',
    group: 'agent',
    hold: millis(15 * MINUTE_MS),
    evaluate: undefined,
    promql: `(
  ${AGENTS}
) == 0
and on (job, site)
(max by (job, site) (up) == 1)`,
    scope: 'agent',
    summary:
      'kmswatch on {{ $labels.instance }}{{ if $labels.site }} at {{ $labels.site }}{{ end }} is down, while another agent of the same site is up',
    meaning:
      'The other agent watches on, so nothing is hidden. Reports and log records that only come to this one wait.',
    remedy: 'Start the service on that machine and look at its log.',
    runbook: AGENT_RUNBOOKS.KmswatchReplicaDown,
  },
  {
    name: 'KmswatchSiteMissing',
    severity: 'critical',
    holdsWhen: 'a site that Prometheus had samples of within a day has none',
    group: 'agent',
    hold: millis(15 * MINUTE_MS),
    evaluate: undefined,
    promql: `group by (job, site) (last_over_time(kmswatch_build_info{site!=""}[1d]))
unless on (job, site)
group by (job, site) (up)`,
    scope: 'agent',
    summary: 'Nothing arrives from site {{ $labels.site }} any more',
    meaning:
      'Within the last day there were samples of this site, and now there are none, not even that its agent is down: its Prometheus, or the way from there, has failed. No alert about this site can fire here.',
    remedy:
      'Look at the Prometheus of the site, its remote_write, and the network in between. If the site is gone for good, this alert ends a day after its last sample.',
    runbook: AGENT_RUNBOOKS.KmswatchSiteMissing,
  },
];
