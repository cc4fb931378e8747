import type { Runbook } from '../condition.ts';

export const LOG_RUNBOOKS = {
  KmsHostNotActivated: {
    meaning:
      'The host reports that one of its KMS host keys has a licence status other than `licensed`. A host key is activated with Microsoft once, and again after large changes of hardware.',
    impact:
      'With this key the host refuses its clients (0xC004F041). Those that are activated stay so until their 180 days end.',
    diagnosis: [
      '`slmgr /dlv ACTIVATION_ID` on the host shows the status and its reason.',
      'Was the machine moved, cloned, or its virtual hardware changed? Did the key reach its limit of activations?',
    ],
    mitigation: [
      '`slmgr /ato ACTIVATION_ID` with a way to the internet, or by telephone: `slui 4`.',
      'A key that has been activated too often: ask the Volume Licensing Service Center for more.',
    ],
  },
  KmsServiceFailure: {
    meaning:
      'The log of the host has event 12291 (the KMS service could not start) or 12292 (its renewal timer could not), and neither a request (12290) nor a successful publishing (12294) since.',
    impact: 'The host answers nobody. While another host of the domain is up, clients go there.',
    diagnosis: [
      'The value of the event is an HRESULT: look it up with `slui 0x2a 0x...` on any Windows machine.',
      'Is TCP 1688 taken by another program (`netstat -ano`)? Has an update or a security product touched `sppsvc`?',
    ],
    mitigation: [
      '`Restart-Service sppsvc`. The condition ends with the next request.',
      'If it fails again: restart the machine, then repair the licence store (`slmgr /rilc`).',
    ],
  },
  KmsHostIdle: {
    meaning:
      'The host is up and its log is read, and nobody has asked it for 72 hours and for four times its usual longest silence of the last 30 days. Windows and Office are told apart, as a host counts them apart.',
    impact: 'None at once. If the clients have no other host, their renewals have stalled: they lapse within 180 days.',
    diagnosis: [
      'Do they go elsewhere: another SRV record with a lower priority, `slmgr /skms` in a script, a policy?',
      'Can clients reach it: `Test-NetConnection HOST -Port 1688` from another network than the agent?',
      'Is it a holiday longer than any of the last month?',
    ],
    mitigation: [
      'Mend the way of the clients to it.',
      'A host that is not needed any more: take it out of DNS and switch it off.',
    ],
  },
  KmsActivationFeedStale: {
    meaning:
      'No record of the log of this host has arrived within `activations.stale_after` and no subscription to it stands; or the host reports that it was asked within the last hour while its newest request in the log is older.',
    impact:
      'None for users. But kmswatch is blind: leases look as if they were not renewed, and in five months as if they ran out. What rests on this log alone is not judged meanwhile: idleness, failures of the service and of requests, clocks, thresholds.',
    diagnosis: [
      'Is the shipper running on the host, and does it read the log "Key Management Service"? docs/first-lease.md lists what to look at.',
      '`kms_ingest_events_total` of the agent: do records arrive and get rejected? Is the token still the right one?',
      'A subscription: the log of the agent says why it does not stand.',
    ],
    mitigation: [
      'Mend the shipper. Records that it missed come by themselves, or by `wevtutil qe "Key Management Service" /f:xml` and `kmswatch import`; nothing is counted twice.',
      'A host that was really not asked for so long: raise `activations.stale_after`, or have its log subscribed to.',
    ],
  },
  KmsEventLogGap: {
    meaning:
      'The subscription found its bookmark overwritten: the log has wrapped around since it was last read, and records are missing.',
    impact:
      'Requests in the gap are unknown: some leases look older than they are, and the count of the host is a lower bound for 30 days.',
    diagnosis: [
      'How large is the log: `wevtutil gl "Key Management Service"`? The default of 1 MB holds some thousand requests.',
      'Why was it not read for so long: was the agent or the network down?',
    ],
    mitigation: [
      '`wevtutil sl "Key Management Service" /ms:67108864` on the host makes it 64 MB.',
      'If an archive of the log exists, `kmswatch import` fills the gap.',
    ],
  },
  KmsReportStale: {
    meaning:
      'The host is configured to report on itself, and the last attempt failed or no push came within `reports.stale_after`.',
    impact:
      'Its own count, keys, licence status and totals are not known. The log of the host, if it arrives, still tells the clients.',
    diagnosis: [
      'The condition in `/api/v1/conditions` and the log of the agent say what failed.',
      'A push: does the scheduled task run, and does its account reach the agent? WinRM: `winrm id -r:HOST` from another machine; rights on the namespace root/cimv2; the password.',
    ],
    mitigation: [
      'Mend the way of the report; docs/troubleshooting.md names the usual mistakes.',
      'If it is not wanted, take `report` out of the configuration of this host.',
    ],
  },
} satisfies Record<string, Runbook>;
