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
  KmswatchClockStepped: {
    meaning:
      'The system clock of the agent moved by more than a minute against the monotonic clock, or it is more than a day behind the newest record of a host that is being read. Either this clock or that of the host is wrong.',
    impact:
      'Nothing is lost. Until the clock is believed again, kmswatch judges leases and conditions by the last time that it believed, plus the time since then. It keeps all records, takes those that seem to come from the future, and does not judge the clocks of clients. It believes the clock again after an hour without a step, or once a record of a host has the same time.',
    diagnosis: [
      'Look at the clock of the machine: `timedatectl` or `chronyc tracking`. Was it set, or was the virtual machine paused or restored from a snapshot?',
      'Compare it with the clocks of the KMS hosts: `w32tm /query /status`, and the time of the newest record in the log.',
      'The log of the agent says when the clock stepped, and by how many seconds. `kmswatch_clock_behind_seconds` shows how far it is behind.',
    ],
    mitigation: [
      'Let the machine follow a time server (chrony, systemd-timesyncd, or the hypervisor, but not two of them).',
      'If a KMS host has the wrong clock, correct it there. Windows takes its time from the domain.',
    ],
  },
  KmswatchReloadFailed: {
    meaning:
      'The configuration, the web configuration, or a certificate, key or secret that they name was changed or cannot be read. The old one is still in force.',
    impact: 'Your change has no effect. If the agent restarts, it may not start at all, or lack that secret.',
    diagnosis: [
      'Read the log of the agent: `journalctl -u kmswatch`. It names the file, and says what is wrong with it.',
      'Run `kmswatch config check FILE`. It shows every mistake with its line and column.',
      'Run `sudo -u kmswatch cat FILE >/dev/null`. A renewal by root often leaves a file that only root can read.',
    ],
    mitigation: ['Correct the file or its permissions. The agent reads it again within seconds.'],
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
  KmsNothingWatched: {
    meaning:
      'No domain is configured or found, no host is configured, and none is known by its log (`kms_watched` is 0).',
    impact:
      'kmswatch watches nothing, so it can find nothing wrong: every other condition is quiet because there is nothing to see.',
    diagnosis: [
      'Run `kmswatch config print`: are `discovery.domains` and `hosts` empty?',
      'Without `discovery.domains`, kmswatch takes the search list of `/etc/resolv.conf`. Look for a line `search` there.',
    ],
    mitigation: [
      'Name the domains of your Active Directory in `discovery.domains`, or your KMS hosts in `hosts`.',
      'Or send the logs of the hosts (`POST /api/v1/events`, `kmswatch import`).',
    ],
  },
  KmswatchDown: {
    meaning:
      'Prometheus cannot scrape any agent of this job and site, or has no agent to scrape. It knows them by a job with `kmswatch` in its name, or by `kmswatch_build_info` of the last 7 days. If the site then stops sending altogether, the alert goes on for a day.',
    impact: 'The KMS hosts are not being watched. Meanwhile, Prometheus cannot raise any other alert about them.',
    diagnosis: [
      'Open the Targets page of Prometheus. It says why the scrape fails.',
      'Run `curl http://AGENT:11688/-/healthy`, and read the log of the agent: `journalctl -u kmswatch`.',
    ],
    mitigation: [
      'Start the agent. It continues from where it stopped, and log records wait with their senders until then.',
    ],
  },
  KmswatchReplicaDown: {
    meaning: 'Prometheus cannot scrape one agent, while another agent with the same job and `site` is up.',
    impact:
      'The other agent watches on, and no alert is hidden. Log records and reports that only come to this agent wait with their senders; those that are sent to both are not missed.',
    diagnosis: [
      'Open the Targets page of Prometheus. It says why the scrape fails.',
      'Read the log of the agent: `journalctl -u kmswatch`.',
    ],
    mitigation: [
      'Start the agent. If it was removed on purpose, remove its target.',
      'If neither is meant to replace the other, give them different labels `site`.',
    ],
  },
  KmswatchSiteMissing: {
    meaning:
      'This Prometheus had samples of an agent of the site within a day, and now it has none, not even one that shows the agent to be down.',
    impact:
      'No alert about the KMS hosts of this site can fire here. If the site has its own Prometheus and that runs, its alerts still fire there.',
    diagnosis: [
      'Is the Prometheus of the site running, and does its `remote_write` succeed (`prometheus_remote_storage_samples_failed_total`)?',
      'Can it reach this Prometheus through the network?',
      'Was the target, or its label `site`, changed or removed here?',
    ],
    mitigation: [
      'Bring the Prometheus of the site, or the way to it, back. It sends the samples that waited.',
      'If the site was given up, silence the alert: it ends a day after the last sample.',
    ],
  },
} satisfies Record<string, Runbook>;
