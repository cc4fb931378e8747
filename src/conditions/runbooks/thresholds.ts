import type { Runbook } from '../condition.ts';

export const THRESHOLD_RUNBOOKS = {
  KmsClientsBelowThreshold: {
    meaning:
      'A KMS host activates no client until it has counted enough different clients within 30 days: 25 for Windows clients, 5 for Windows Server and for Office. Even the host with the highest count in this domain is below that. Windows clients and servers count together; Office counts separately.',
    impact:
      'The host answers, but clients do not activate (0xC004F038). Activated clients stay activated until their 180 days end. New ones are not activated at all.',
    diagnosis: [
      'Compare `kms_host_active_clients`, the true count from the log of each host, with `kms_host_clients`, which the host reports itself and caps at twice the threshold.',
      'Are the clients split among several hosts? A host counts only the clients that ask it.',
      'Are there clones that share a client id (`KmsDuplicateClientIds`)? They count as one.',
      'Have renewals stalled (`KmsRenewalsStalled`), because of a firewall or a policy that names another host?',
      'Is Active Directory-based activation being introduced? Windows 8 and later then no longer count here. They need no KMS host, but the rest may be too few for one.',
    ],
    mitigation: [
      'Have more machines ask one host. On the others, set `DnsDomainPublishList` (`HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform`, multi-string) to `DOMAIN,10,0`, that is domain, priority and weight, and restart `sppsvc`. The host with the lowest priority number comes first.',
      'Clients keep the host that answered them last for as long as it answers. So that they change at once, run `slmgr /ckms` and `slmgr /ato` on them.',
      'If the estate has shrunk for good, use Active Directory-based activation, which has no threshold, or MAK for a few machines.',
    ],
  },
  KmsHostBelowThreshold: {
    meaning:
      'One host has counted fewer clients within 30 days than it needs to activate a class, as far as its count is known.',
    impact:
      'Clients that ask this host do not activate (0xC004F038) and try again every two hours. A standby that is hardly ever asked is always below the threshold, so it cannot activate any client if you need it.',
    diagnosis: [
      'Compare `kms_host_threshold_margin` and `kms_host_active_clients` of all hosts of the domain.',
      'Look at the priority and weight of the SRV records. Which clients are sent here?',
      'Is Active Directory-based activation being introduced? Windows 8 and later then stop asking, and no longer count here. Event 12308 in the Application log of one of them confirms it. They need no KMS host, but the rest may be too few for one.',
    ],
    mitigation: [
      'Send all clients to one host, or give both hosts enough of them by equal priority and weight.',
      'If it is a standby, it cannot activate anybody when you need it. Give it clients: equal priority, or the better priority for a week each month, as a count lives for 30 days.',
      'Never take the only host of a domain out of DNS.',
    ],
  },
  KmsClientsNearThreshold: {
    meaning: 'The best host of a domain is fewer than `warn_margins` clients above the threshold.',
    impact: 'None yet. If a few more machines drop out of the 30-day window, new machines are not activated.',
    diagnosis: [
      'Look at `/api/v1/forecast`. It shows the count of each host for each day ahead if no more clients ask.',
      'Is it a holiday, or are machines going away for good?',
    ],
    mitigation: [
      'Send clients of other hosts of the domain to this one, or have more machines use KMS.',
      'If a site will stay small, plan for Active Directory-based activation or MAK before it falls below the threshold.',
    ],
  },
  KmsThresholdBreachAhead: {
    meaning:
      'If no more clients ask this host, its count falls below the threshold within 14 days. A healthy host is asked every day, so this date stays about 30 days away.',
    impact: 'None yet. After that date, clients that ask this host are not activated.',
    diagnosis: [
      'Since when have fewer clients asked? Look at `kms_requests_last_hour`, `kms_renewals_stalled_ratio` and the activity by day.',
      'Do they ask another host? Then you may not need this one.',
      'Is Active Directory-based activation being introduced? Windows 8 and later then stop asking, without any harm. Event 12308 in the Application log of one of them confirms it. Only machines that still rely on KMS need the count.',
      'Expect this alert in a long holiday: if offices are empty for three weeks, they come within days of the threshold.',
    ],
    mitigation: [
      'Remove the obstacle that keeps the clients away.',
      'Run `slmgr /ato` on a few machines of that class. This renews the count for 30 days.',
    ],
  },
  KmsCountDisagrees: {
    meaning:
      'A host keeps its own count of the clients of the last 30 days. Below its cap (twice the threshold) the number is exact. It differs from the number of clients in the log of that host by more than 5, and by more than a quarter of the larger.',
    impact:
      'If the host reports fewer, it was rebuilt or its licence store was reset: until enough clients have asked it again, new clients are not activated (0xC004F038). If the log shows fewer, some records never arrived.',
    diagnosis: [
      'On the host, run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv` and compare "Current count" with the status page.',
      'Was the host reinstalled, migrated or given a new key in the last 30 days?',
      'Does another machine send its log under this name? Look at `aliases` in the configuration and at the collector.',
    ],
    mitigation: [
      'After a rebuild, wait: activated clients ask again within 7 days. To speed it up, run `slmgr /ato` on some clients.',
      'Give each host the log of that host alone, and correct the name in the collector.',
    ],
  },
} satisfies Record<string, Runbook>;
