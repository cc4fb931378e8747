import { watchedCount } from '../estate/watched.ts';
import { DAY_S, inSeconds, MINUTE_MS, millis, seconds } from '../kernel/time.ts';
import { counted, span } from '../kernel/words.ts';
import type { Condition, Finding } from './condition.ts';
import { AGENT_RUNBOOKS } from './runbooks/agent.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** Milliseconds; a receiver that was reached this recently is not failing. */
const REACHED_WITHIN = 10 * MINUTE_MS;

const NOTHING_REMEDY =
  'Name your domains in discovery.domains, or your KMS hosts in hosts, or send the logs of the hosts. Without discovery.domains, kmswatch takes the search list of /etc/resolv.conf.';

export const AGENT_CONDITIONS: readonly Condition[] = [
  {
    name: 'KmswatchStoreFailing',
    severity: 'critical',
    holdsWhen: 'the last use of the database failed',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: storeFailing,
    promql: 'kmswatch_store_up == 0',
    scope: 'agent',
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
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: pollStalled,
    promql: 'time() - kmswatch_last_poll_timestamp_seconds > kmswatch_poll_limit_seconds',
    scope: 'agent',
    summary:
      'The {{ $labels.loop }} loop of kmswatch on {{ $labels.instance }} has not finished a round for {{ $value | humanizeDuration }}',
    meaning: 'Its last findings are withdrawn as too old, and conditions that rest on them are not judged.',
    remedy: 'Look at kmswatch_polls_skipped_total, at the log of the agent, and at the load on its machine.',
    runbook: AGENT_RUNBOOKS.KmswatchPollStalled,
  },
  {
    name: 'KmswatchClockStepped',
    severity: 'warning',
    holdsWhen: 'the system clock of the agent stepped within the last hour, or is a day behind the records of a host',
    group: 'agent',
    hold: millis(15 * MINUTE_MS),
    evaluate: clockStepped,
    promql: `increase(kmswatch_clock_steps_total[1h]) > 0
or
kmswatch_clock_behind_seconds > ${DAY_S}`,
    scope: 'agent',
    summary: 'The system clock of kmswatch on {{ $labels.instance }} has stepped, or is wrong',
    meaning:
      'Until the clock is believed again, kmswatch counts time by the monotonic clock. It deletes nothing, and takes records from the future.',
    remedy:
      'Compare the clocks of this machine and of the KMS hosts with your time servers, and correct the wrong one.',
    runbook: AGENT_RUNBOOKS.KmswatchClockStepped,
  },
  {
    name: 'KmswatchReloadFailed',
    severity: 'warning',
    holdsWhen: 'the changed configuration was rejected, or a file that it names cannot be read',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    evaluate: reloadFailed,
    promql: 'kmswatch_config_last_reload_successful == 0',
    scope: 'agent',
    summary: 'kmswatch on {{ $labels.instance }} cannot use its configuration or a file that it names',
    meaning: 'The old configuration, certificate or secret stays in force until you correct the file.',
    remedy:
      'The log of the agent names the file. kmswatch config check FILE shows each mistake with its line and column.',
    runbook: AGENT_RUNBOOKS.KmswatchReloadFailed,
  },
  {
    name: 'KmswatchNotifierFailing',
    severity: 'warning',
    holdsWhen: 'attempts to notify a receiver failed, and none succeeded',
    group: 'agent',
    hold: millis(5 * MINUTE_MS),
    keepFiring: millis(15 * MINUTE_MS),
    evaluate: notifierFailing,
    // The last line leaves out receivers that are no longer configured: the window still has their numbers.
    promql: `sum without (result) (increase(kmswatch_notifications_total{result="failed"}[10m])) > 0
unless
sum without (result) (increase(kmswatch_notifications_total{result="delivered"}[10m])) > 0
and
sum without (result) (kmswatch_notifications_total)`,
    scope: 'agent',
    summary: 'kmswatch on {{ $labels.instance }} cannot reach {{ $labels.receiver }}',
    meaning:
      'Notifications wait on disk until the receiver answers again. Until then, it gets no messages from this agent.',
    remedy: 'Look at the log of the agent, then run kmswatch notify test.',
    runbook: AGENT_RUNBOOKS.KmswatchNotifierFailing,
  },
  {
    name: 'KmsNothingWatched',
    severity: 'warning',
    holdsWhen: 'no domain is configured or found, no host, and none is known by its log',
    group: 'agent',
    hold: millis(15 * MINUTE_MS),
    evaluate: nothingWatched,
    promql: 'kms_watched == 0',
    scope: 'agent',
    summary: 'kmswatch on {{ $labels.instance }} watches nothing: it has no domain and no host',
    meaning: 'Everything else looks well because there is nothing to see.',
    remedy: NOTHING_REMEDY,
    runbook: AGENT_RUNBOOKS.KmsNothingWatched,
  },
];

function nothingWatched({ agent, estate, logs }: ConditionSnapshot): readonly Finding[] {
  // A single look says so by itself.
  if (agent === undefined || watchedCount(estate, logs) !== 0) return [];
  return [{ subject: {}, summary: 'Nothing is watched: there is no domain and no host', value: 0, limit: 1 }];
}

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

function clockStepped({ agent }: ConditionSnapshot): readonly Finding[] {
  if (agent === undefined) return [];
  const { behind, isStepped } = agent.clock;
  if (behind > DAY_S) {
    const summary = `The system clock of kmswatch is ${span(behind)} behind the newest record of a KMS host`;
    return [{ subject: {}, summary, value: behind, limit: DAY_S }];
  }
  return isStepped ? [{ subject: {}, summary: 'The system clock of kmswatch stepped within the last hour' }] : [];
}

function reloadFailed({ agent }: ConditionSnapshot): readonly Finding[] {
  if (agent === undefined || agent.reload.successful) return [];
  return [
    {
      subject: {},
      summary: 'The configuration, or a file that it names, cannot be used; the old one is still in force',
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
