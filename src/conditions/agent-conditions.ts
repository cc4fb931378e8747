import { inSeconds, MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import { counted, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { AGENT_RUNBOOKS } from './runbooks/agent.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Milliseconds; a receiver that was reached this recently is not failing. */
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
    meaning: 'Log records are refused (503) and wait with their senders. kmswatch learns nothing new about leases.',
    remedy: 'The log of the agent says why: a full disk, missing rights, or a damaged file.',
    runbook: AGENT_RUNBOOKS.KmswatchStoreFailing,
  },
  {
    name: 'KmswatchPollStalled',
    severity: 'warning',
    holdsWhen: 'a loop has not finished a round for three times its schedule',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: pollStalled,
    promql: 'time() - kmswatch_last_poll_timestamp_seconds > kmswatch_poll_limit_seconds',
    summary:
      'The {{ $labels.loop }} loop of kmswatch on {{ $labels.instance }} has not finished a round for {{ $value | humanizeDuration }}',
    meaning: 'Its last findings are withdrawn as too old, and conditions that rest on them are not judged.',
    remedy: 'Look at kmswatch_polls_skipped_total, at the log of the agent, and at the load on its machine.',
    runbook: AGENT_RUNBOOKS.KmswatchPollStalled,
  },
  {
    name: 'KmswatchReloadFailed',
    severity: 'warning',
    holdsWhen: 'the changed configuration was rejected',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: reloadFailed,
    promql: 'kmswatch_config_last_reload_successful == 0',
    summary: 'kmswatch on {{ $labels.instance }} rejected its changed configuration',
    meaning: 'The old configuration stays in force until you correct the file.',
    remedy: 'kmswatch config check FILE shows each mistake with its line and column.',
    runbook: AGENT_RUNBOOKS.KmswatchReloadFailed,
  },
  {
    name: 'KmswatchNotifierFailing',
    severity: 'warning',
    holdsWhen: 'attempts to notify a receiver failed, and none succeeded',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: notifierFailing,
    // The last line leaves out receivers that are no longer configured: the window still has their numbers.
    promql: `sum without (result) (increase(kmswatch_notifications_total{result="failed"}[10m])) > 0
unless
sum without (result) (increase(kmswatch_notifications_total{result="delivered"}[10m])) > 0
and
sum without (result) (kmswatch_notifications_total)`,
    summary: 'kmswatch on {{ $labels.instance }} cannot reach {{ $labels.receiver }}',
    meaning:
      'Notifications wait on disk until the receiver answers again. Until then, it gets no messages from this agent.',
    remedy: 'Look at the log of the agent, then run kmswatch notify test.',
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
      'kmswatch{{ if $labels.instance }} on {{ $labels.instance }}{{ end }} is down, so the KMS hosts are not being watched',
    meaning:
      'Prometheus cannot scrape the agent, or has no target in the job kmswatch. Meanwhile, no other KMS alert can fire.',
    remedy: 'Start the service and look at its log. GET /-/healthy shows whether it is listening.',
    runbook: AGENT_RUNBOOKS.KmswatchDown,
  },
];

function storeFailing({ agent }: ConditionSnapshot): readonly Finding[] {
  if (agent?.store === undefined || agent.store.up) return [];
  return [
    {
      subject: {},
      summary: 'kmswatch cannot use its database: it refuses log records and learns nothing new about leases',
    },
  ];
}

function pollStalled({ agent, estate }: ConditionSnapshot): readonly Finding[] {
  return (agent?.loops ?? []).flatMap(({ name, lastEnd, limit }) => {
    const silence = lastEnd === undefined ? 0 : inSeconds(millis(estate.at - lastEnd));
    if (silence <= limit) return [];
    return [
      {
        subject: { loop: name },
        summary: `The ${name} loop has not finished a round for ${span(seconds(silence))}`,
        value: silence,
        limit,
      },
    ];
  });
}

function reloadFailed({ agent }: ConditionSnapshot): readonly Finding[] {
  if (agent === undefined || agent.reload.successful) return [];
  return [
    {
      subject: {},
      summary: 'The changed configuration was rejected; the old one is still in force',
    },
  ];
}

function notifierFailing({ agent, estate }: ConditionSnapshot): readonly Finding[] {
  const isLately = (time: number | undefined): boolean => time !== undefined && estate.at - time < REACHED_WITHIN;
  return (agent?.receivers ?? [])
    .filter(({ lastFailed, lastDelivered }) => isLately(lastFailed) && !isLately(lastDelivered))
    .map(({ receiver, failed }) => ({
      subject: { receiver },
      summary: `${receiver} cannot be reached: ${counted(failed, 'attempt')} failed since the agent started`,
    }));
}
