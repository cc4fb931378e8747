import type { Runbook } from '../condition.ts';

export const LOG_RUNBOOKS = {
  KmsServiceFailure: {
    meaning:
      'The log of the host has event 12291 (the KMS service could not start) or 12292 (its renewal timer could not start), and after that neither a request (12290) nor a successful publishing (12294).',
    impact: 'The host answers no clients. While another host of the domain is up, clients use that one.',
    diagnosis: [
      'The value in the event is an HRESULT. Look it up with `slui 0x2a 0x...` on any Windows with a desktop: Server Core has no `slui`.',
      'Does another program use TCP port 1688 (`netstat -ano`)? Has an update or a security product changed `sppsvc`?',
    ],
    mitigation: [
      'Run `Restart-Service sppsvc`. The condition ends with the next request.',
      'If it fails again, run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv` on the host: is the key there, is it licensed, has the hardware changed?',
      'Restart the machine. Only if that does not help either, install the licences again (`slmgr /rilc`): this replaces all licences of the machine.',
    ],
  },
  KmsHostIdle: {
    meaning:
      'The host is up and its log is read, but no client has asked it for 72 hours and for four times its usual longest silence of the last 30 days. Windows and Office are judged separately, because a host counts them separately.',
    impact:
      'None at once. If the clients have no other host, their renewals have stalled, and they expire within 180 days.',
    diagnosis: [
      'Do clients go elsewhere: another SRV record with a lower priority value, `slmgr /skms` in a script, a policy?',
      "Can clients reach the host? Run `Test-NetConnection HOST -Port 1688` from a network other than the agent's.",
      'Has Active Directory-based activation been introduced? Windows 8 and later then stop asking a KMS host. Event 12308 in the Application log of a client confirms it.',
      'Is it a holiday longer than any in the last month?',
    ],
    mitigation: [
      'Restore the way from the clients to the host. `slmgr /ckms` on a client undoes `slmgr /skms`.',
      'If the host is no longer needed, take it out of DNS and switch it off. If it is the only host of its domain, publish another one first.',
    ],
  },
  KmsActivationFeedStale: {
    meaning:
      'No record from the log of this host has arrived within `activations.stale_after`, and there is no subscription to the log. Or the host reports requests within the last hour, but its newest request in the log is older.',
    impact:
      'None for users, but kmswatch is blind: leases look as if they were not being renewed, and after five months as if they had expired. Conditions that rest on this log alone are not judged meanwhile: idleness, failures of the service and of requests, clocks, thresholds.',
    diagnosis: [
      'Does the shipper run on the host, and does it read the log "Key Management Service"? docs/first-lease.md has a checklist.',
      'Look at `kms_ingest_events_total` of the agent. Do records arrive and get rejected? Is the token still right?',
      'If the agent subscribes to the log, its own log says why the subscription fails.',
    ],
    mitigation: [
      'Repair the shipper. Records that it missed arrive later, or you can import them: `wevtutil qe "Key Management Service" /f:xml`, then `kmswatch import`. No record is counted twice.',
      'If the host really gets no requests for that long, raise `activations.stale_after`, or let the agent subscribe to its log.',
    ],
  },
  KmsEventLogGap: {
    meaning:
      'The record after which the subscription should continue has been overwritten: the log has wrapped around since it was last read, and records are missing.',
    impact:
      'The requests in the gap are unknown. Some leases look older than they are, and the count of the host is a lower bound for 30 days.',
    diagnosis: [
      'How large is the log? Run `wevtutil gl "Key Management Service"`. The default of 20 MB holds about 34,000 requests. A fleet writes about one record for each machine and product in 7 days, of 0.6 KB each: 2,000 machines with Windows and Office fill it in about two months, 100,000 at one host in little more than a day.',
      'Why was it not read for so long? Was the agent or the network down?',
    ],
    mitigation: [
      'Make the log larger. It needs machines × products ÷ 7 × 0.6 KB for each day that it should reach back: `wevtutil sl "Key Management Service" /ms:268435456` on the host makes it 256 MB, which is about two weeks of 100,000 machines with Windows and Office. Clients that are not activated ask every two hours, so leave room.',
      'If you have an archive of the log, `kmswatch import` fills the gap.',
    ],
  },
  KmsReportStale: {
    meaning:
      'The host is configured to report on itself, but the last attempt failed or no push came within `reports.stale_after`.',
    impact:
      'Its own count, its keys, its licence status and its totals are unknown. If its log still arrives, kmswatch still knows its clients.',
    diagnosis: [
      'The condition in `/api/v1/conditions` and the log of the agent say what failed.',
      'If the host pushes its report: does the scheduled task run, and can its account reach the agent? If the agent uses WinRM: run `winrm id -r:HOST` from another machine, and check the rights on the namespace root/cimv2 and the password.',
    ],
    mitigation: [
      'Correct the cause. docs/windows.md lists the usual mistakes of each way to report.',
      'If you do not need the report, remove `report` from the configuration of this host.',
    ],
  },
} satisfies Record<string, Runbook>;
