import type { Runbook } from '../condition.ts';

export const AGENT_RUNBOOKS = {
  KmswatchStoreFailing: {
    meaning: 'The last use of the database failed. The agent tries again at every use, at least once a minute.',
    impact:
      'Log records are refused with 503 and wait with their senders. Nothing is lost as long as the senders keep them. Leases and counts stay as they were.',
    diagnosis: [
      'Read the log of the agent, or the body of the 503. Both name the cause: a full disk, missing rights, a lock held by another agent, or a damaged file.',
      'Check the folder of the database: `df`, its owner, and `ls -l kmswatch.db*`.',
    ],
    mitigation: [
      'Free disk space, or restore the rights. The agent then recovers by itself.',
      'If the file is damaged: stop the agent, restore the backup (docs/backup.md), and import the records that are newer.',
    ],
  },
  KmswatchPollStalled: {
    meaning: 'A loop of the agent has not finished a round for three times its schedule.',
    impact: 'The last findings of the loop are withdrawn as too old, and conditions that rest on them are not judged.',
    diagnosis: [
      'Look at `kmswatch_poll_duration_seconds` and `kmswatch_polls_skipped_total`. Do rounds take longer than their schedule allows?',
      'Look for failed rounds in the log of the agent, and at the load and memory of its machine.',
    ],
    mitigation: [
      'Give the schedule more time, or raise `probe.concurrency`.',
      'If the agent hangs, restart it and report the fault.',
    ],
  },
  KmswatchReloadFailed: {
    meaning: 'The configuration file was changed, but the agent rejected it. The old configuration is still in force.',
    impact: 'Your change has no effect. If the agent restarts, it will not start at all.',
    diagnosis: ['Run `kmswatch config check FILE`. It shows every mistake with its line and column.'],
    mitigation: ['Correct the file. The agent reads it again within seconds.'],
  },
  KmswatchNotifierFailing: {
    meaning: 'Attempts to notify a receiver failed in the last 10 minutes, and none succeeded.',
    impact: 'This receiver gets no messages. Notifications wait on disk and are sent when it answers again.',
    diagnosis: [
      'Look in the log of the agent for the answer of the receiver.',
      'Run `kmswatch notify test`. It sends one firing and one resolved notification to every receiver.',
    ],
    mitigation: [
      'Correct the address, the secret in its file (the agent reads it at each use), or the proxy settings.',
    ],
  },
  KmswatchDown: {
    meaning: 'Prometheus cannot scrape the agent, or has no target with the job `kmswatch`.',
    impact: 'The KMS hosts are not being watched. Meanwhile, Prometheus cannot raise any other alert about them.',
    diagnosis: [
      'Open the Targets page of Prometheus. It says why the scrape fails.',
      'Run `curl http://AGENT:11688/-/healthy`, and read the log of the agent: `journalctl -u kmswatch`.',
    ],
    mitigation: [
      'Start the agent. It continues from where it stopped, and log records wait with their senders until then.',
      'If your job is not called `kmswatch`, change the name in the expression.',
    ],
  },
} satisfies Record<string, Runbook>;
