import type { Runbook } from '../condition.ts';

export const THRESHOLD_RUNBOOKS = {
  KmsClientsBelowThreshold: {
    meaning:
      'A KMS host activates nobody until it has counted enough different clients within 30 days: 25 for Windows clients, 5 for Windows Server and for Office. The host of this domain with the most is below that. Windows clients and servers count together, Office apart.',
    impact:
      'The host answers, and clients refuse to activate (0xC004F038). Those that are activated stay so until their 180 days end; new ones are not activated at all.',
    diagnosis: [
      '`kms_host_active_clients` is the true count from the log of each host; `kms_host_clients` is what the host says, capped at twice the threshold.',
      'Are there several hosts among which the clients split? Each counts only those who ask it.',
      'Are there clones with one client id (`KmsDuplicateClientIds`)? They count as one.',
      'Have renewals stalled (`KmsRenewalsStalled`): a firewall, a policy that names another host?',
    ],
    mitigation: [
      'Have more machines ask one host: `slmgr /ato` on them, all sent to one host by priority of the SRV records.',
      'An estate that has shrunk for good: Active Directory-based activation needs no threshold; for a few machines, MAK.',
    ],
  },
  KmsHostBelowThreshold: {
    meaning: 'One host has counted fewer clients within 30 days than a class needs, as far as its count is known.',
    impact:
      'Clients that get to this host are refused by themselves (0xC004F038) and try again every two hours. A standby that is hardly ever asked is below by nature: it can activate nobody when it is needed.',
    diagnosis: [
      '`kms_host_threshold_margin` and `kms_host_active_clients` of all hosts of the domain side by side.',
      'Priority and weight of the SRV records: who is sent here?',
    ],
    mitigation: [
      'Send all clients to one host, or let both have enough of them by equal priority and weight.',
      'A standby: let it be, and silence this alert for it by name; or take it out of DNS until it is needed.',
    ],
  },
  KmsClientsNearThreshold: {
    meaning: 'The best host of a domain is fewer clients above the threshold than `warn_margins` says.',
    impact: 'A few machines less within 30 days, and new machines are not activated any more.',
    diagnosis: [
      '`/api/v1/forecast` tells the count of each host for each day ahead if nobody asks again.',
      'Is it a holiday, or do machines go for good?',
    ],
    mitigation: [
      'Send clients of other hosts of the domain here, or have machines ask that do not yet.',
      'A small site for good: plan for Active Directory-based activation or MAK before it falls below.',
    ],
  },
  KmsThresholdBreachAhead: {
    meaning:
      'If no client makes contact any more, the count of this host falls below the threshold within 14 days. A healthy host is asked every day and stays some 30 days ahead of that.',
    impact: 'None yet. From that time on, clients that ask this host are not activated.',
    diagnosis: [
      'Since when do fewer clients come: `kms_requests_last_hour`, `kms_renewals_stalled_ratio`, the activity by day.',
      'Do they go to another host? Then this one may be superfluous.',
      'In a long holiday this is what is to be expected: offices that are empty for three weeks come within days of it.',
    ],
    mitigation: [
      'Mend what keeps the clients away.',
      'A few `slmgr /ato` on machines of that class renew the count for 30 days.',
    ],
  },
} satisfies Record<string, Runbook>;
