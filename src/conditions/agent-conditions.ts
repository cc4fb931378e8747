import { MINUTE_MS, millis } from '../kernel/time.ts';
import { counted, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import type { Picture } from './picture.ts';
import { AGENT_RUNBOOKS } from './runbooks/agent.ts';

/** A receiver that was reached within so long, in milliseconds, is not failing. */
const REACHED_WITHIN = 10 * MINUTE_MS;

export const AGENT_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmswatchStoreFailing',
    severity: 'critical',
    holdsWhen: 'the last use of the database failed',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: storeFailing,
    promql: 'kmswatch_store_up == 0',
    summary: 'kmswatch on {{ $labels.instance }} cannot use its database',
    description:
      'Log records are refused (503) and wait with their senders, and nothing new is known of leases. The log of the agent says why: a full disk, rights, a damaged file.',
    runbook: AGENT_RUNBOOKS.KmswatchStoreFailing,
  },
  {
    name: 'KmswatchPollStalled',
    severity: 'warning',
    holdsWhen: 'a loop has not ended a round for three times its schedule',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: pollStalled,
    promql: 'time() - kmswatch_last_poll_timestamp_seconds > kmswatch_poll_limit_seconds',
    summary:
      'The {{ $labels.loop }} loop of kmswatch on {{ $labels.instance }} has not ended a round for {{ $value | humanizeDuration }}',
    description:
      'What it finds is withdrawn as too old, and conditions that rest on it are not judged. Look at kmswatch_polls_skipped_total, at the log of the agent, and at the load of its machine.',
    runbook: AGENT_RUNBOOKS.KmswatchPollStalled,
  },
  {
    name: 'KmswatchReloadFailed',
    severity: 'warning',
    holdsWhen: 'a changed configuration was not taken',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: reloadFailed,
    promql: 'kmswatch_config_last_reload_successful == 0',
    summary: 'kmswatch on {{ $labels.instance }} did not take its changed configuration',
    description:
      'The old configuration is still in force and will be until the mistake is mended: kmswatch config check FILE names it with line and column.',
    runbook: AGENT_RUNBOOKS.KmswatchReloadFailed,
  },
  {
    name: 'KmswatchNotifierFailing',
    severity: 'warning',
    holdsWhen: 'attempts to notify a receiver failed, and none went well',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: notifierFailing,
    // The last line leaves out a receiver that is not configured any more: the window still has its numbers.
    promql: `sum without (result) (increase(kmswatch_notifications_total{result="failed"}[10m])) > 0
unless
sum without (result) (increase(kmswatch_notifications_total{result="delivered"}[10m])) > 0
and
sum without (result) (kmswatch_notifications_total)`,
    summary: 'kmswatch on {{ $labels.instance }} cannot reach {{ $labels.receiver }}',
    description:
      'Notifications wait on disk and are sent when the receiver answers again. Until then nobody is told by it: look at the log of the agent, then run kmswatch notify test.',
    runbook: AGENT_RUNBOOKS.KmswatchNotifierFailing,
  },
  {
    name: 'KmswatchDown',
    severity: 'critical',
    holdsWhen: 'Prometheus cannot scrape the agent, or has no target of that job',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: undefined,
    promql: `up{job="kmswatch"} == 0
or
absent(up{job="kmswatch"})`,
    summary:
      'kmswatch{{ if $labels.instance }} on {{ $labels.instance }}{{ end }} is down: nobody watches the KMS hosts',
    description:
      'Prometheus cannot scrape the agent, or has no target of job kmswatch. No other alert about KMS comes meanwhile. Start the service and look at its log; GET /-/healthy tells whether it listens.',
    runbook: AGENT_RUNBOOKS.KmswatchDown,
  },
];

function storeFailing({ agent }: Picture): readonly Finding[] {
  if (agent?.store === undefined || agent.store.up) return [];
  return [
    {
      subject: {},
      summary: 'The database cannot be used: log records are refused, and nothing new is known of leases',
      remedy: 'The log of the agent says why: a full disk, rights, a damaged file.',
    },
  ];
}

function pollStalled({ agent, estate }: Picture): readonly Finding[] {
  return (agent?.loops ?? []).flatMap(({ name, lastEnd, limit }) => {
    const silence = lastEnd === undefined ? 0 : (estate.at - lastEnd) / 1000;
    if (silence <= limit) return [];
    return [
      {
        subject: { loop: name },
        summary: `The ${name} loop has not ended a round for ${span(silence)}`,
        remedy: 'Look at the log of the agent and at the load of its machine; what it found is withdrawn as too old.',
        value: silence,
        limit,
      },
    ];
  });
}

function reloadFailed({ agent }: Picture): readonly Finding[] {
  if (agent === undefined || agent.reload.successful) return [];
  return [
    {
      subject: {},
      summary: 'The changed configuration was not taken; the old one is still in force',
      remedy: 'kmswatch config check FILE names the mistake with line and column.',
    },
  ];
}

function notifierFailing({ agent, estate }: Picture): readonly Finding[] {
  const isLately = (time: number | undefined): boolean => time !== undefined && estate.at - time < REACHED_WITHIN;
  return (agent?.receivers ?? [])
    .filter(({ lastFailed, lastDelivered }) => isLately(lastFailed) && !isLately(lastDelivered))
    .map(({ receiver, failed }) => ({
      subject: { receiver },
      summary: `${receiver} cannot be reached: ${counted(failed, 'attempt')} failed since the start`,
      remedy: 'Notifications wait on disk. Look at the log of the agent, then run kmswatch notify test.',
    }));
}
