import type { Runbook } from '../condition.ts';

export const AGENT_RUNBOOKS = {
  KmswatchStoreFailing: {
    meaning: 'The last use of the database went wrong. It is tried again at every use, at least once a minute.',
    impact:
      'Log records are refused with 503 and wait with their senders; nothing is lost while these keep them. Leases and counts are as of before.',
    diagnosis: [
      'The log of the agent and the body of the 503 name the cause: disk full, rights, locked by another agent, damaged.',
      '`df` for the folder of the database; its owner; `ls -l kmswatch.db*`.',
    ],
    mitigation: [
      'Make room, or give the rights back. It goes on by itself.',
      'A damaged file: stop the agent, put the backup in its place (docs/backup.md), import what came since.',
    ],
  },
  KmswatchPollStalled: {
    meaning: 'A loop of the agent has not ended a round for three times its schedule.',
    impact: 'What the loop finds is withdrawn as too old: the conditions that rest on it are not judged.',
    diagnosis: [
      '`kmswatch_poll_duration_seconds` and `kmswatch_polls_skipped_total`: do rounds take longer than their schedule?',
      'The log of the agent for rounds that fail; load and memory of its machine.',
    ],
    mitigation: [
      'Give the schedule more time or `probe.concurrency` a higher number; restart the agent if it hangs, and report it.',
    ],
  },
  KmswatchReloadFailed: {
    meaning: 'The configuration file was changed and could not be taken. The old configuration is in force.',
    impact: 'What was meant to be watched from now on is not. After a restart the agent would not start at all.',
    diagnosis: ['`kmswatch config check FILE` names every mistake with line and column.'],
    mitigation: ['Mend the file; the agent takes it by itself within seconds.'],
  },
  KmswatchNotifierFailing: {
    meaning: 'Attempts to notify a receiver failed in the last 10 minutes, and none went well.',
    impact: 'Nobody is told by this receiver. Notifications wait on disk and are sent when it answers.',
    diagnosis: [
      'The log of the agent says what the receiver answers.',
      '`kmswatch notify test` sends one firing and one resolved notification to every receiver.',
    ],
    mitigation: [
      'Mend the address or the secret in its file (it is read anew at each use), or the way through a proxy.',
    ],
  },
  KmswatchDown: {
    meaning: 'Prometheus cannot scrape the agent, or has no target with job `kmswatch`.',
    impact: 'Nobody watches the KMS hosts; no other alert about them comes from Prometheus meanwhile.',
    diagnosis: [
      'The page Targets of Prometheus says why the scrape fails.',
      '`curl http://AGENT:11688/-/healthy`; the log of the agent: `journalctl -u kmswatch`.',
    ],
    mitigation: [
      'Start the agent. It goes on where it was; log records wait with their senders.',
      'If your job has another name than `kmswatch`, change it in the expression.',
    ],
  },
} satisfies Record<string, Runbook>;
