import type { Runbook } from '../condition.ts';

export const LEASE_RUNBOOKS = {
  KmsLeasesExpiringSoon: {
    meaning:
      'More leases of a class than `leases.tolerate` allows (5 % by default) expire within `leases.critical` (7 days by default). They have not been renewed for months.',
    impact:
      'When they expire, Windows and Office on these machines show that they are not activated. Machines that are gone, or activated in another way by now, do not matter.',
    diagnosis: [
      'Run `kmswatch leases --within 7d` (or your `leases.critical`). It lists them, the soonest first. `kmswatch explain CLIENT` says why one does not renew.',
      'What do they have in common: a network, a site, a domain, a product, a host?',
      'Are there alerts about hosts, DNS or the feed of a log? They may be the cause.',
      'Was Active Directory-based activation introduced about six months ago? Windows 8 and later then stop asking a KMS host, and event 12308 in the Application log of such a machine confirms it. Its lease runs out here without harm.',
    ],
    mitigation: [
      'Make sure that these machines can reach a host. `cscript //nologo $env:windir\\system32\\slmgr.vbs /ato` on one of them shows the error at once. For Office, run `cscript //nologo ospp.vbs /act` in its folder.',
      'If you know from your inventory or Active Directory that machines are gone, run `kmswatch retire --from FILE` with their names. Do not go by silence here: every lease in this alert has been silent for months, those of laptops that are about to lapse too.',
    ],
  },
  KmsLeasesExpiring: {
    meaning: 'More leases of a class than `leases.tolerate` allows expire within `leases.warn` (30 days by default).',
    impact: 'None yet. Windows starts to warn its users at about this time.',
    diagnosis: [
      'Run `kmswatch leases --state expiring`, then `kmswatch explain CLIENT` for one of them.',
      'Were that many machines taken out of service five months ago?',
      'Was Active Directory-based activation introduced five months ago? Windows 8 and later then stop asking a KMS host, and event 12308 in the Application log of such a machine confirms it. Its lease may lapse here without harm.',
    ],
    mitigation: [
      'Remove the obstacle that keeps them from renewing.',
      'If machines are gone, run `kmswatch retire CLIENT`. If you replace many machines, raise `leases.tolerate`.',
    ],
  },
  KmsLeasesExpired: {
    meaning: 'More leases of a class than `leases.tolerate` allows expired in the last 30 days without a renewal.',
    impact:
      'Machines that still run and rely on KMS show that they are not activated. Machines that are gone, or activated in another way by now, do not matter.',
    diagnosis: [
      'Run `kmswatch leases --state expired`. Which of these machines still exist in Active Directory or your inventory?',
      'Was Active Directory-based activation introduced more than six months ago? Windows 8 and later then stop asking a KMS host. Event 12308 in the Application log of such a machine confirms it: it is activated, although its lease has run out here.',
    ],
    mitigation: [
      'On those that exist, run `cscript //nologo $env:windir\\system32\\slmgr.vbs /ato` and act on the error it shows. For Office, run `cscript //nologo ospp.vbs /act` in its folder.',
      'Retire the others: `kmswatch retire CLIENT`, or `kmswatch retire --from FILE` with a list from your inventory.',
    ],
  },
  KmsRenewalsStalled: {
    meaning:
      'Clients renew every 7 days. Of the leases of a class that were heard from in the last 44 days, more than `leases.stalled` (20 % by default) have been silent for over 14 days. Days in `leases.quiet_periods` do not count.',
    impact: 'None for about five months. This is the early sign of a later `KmsLeasesExpiringSoon`.',
    diagnosis: [
      'Run `kmswatch leases --state renewal_overdue`. What do these machines have in common?',
      'Is the log of their host arriving (`KmsActivationFeedStale`)? Did the network, DNS or a policy change two weeks ago?',
      'Is Active Directory-based activation being introduced? Machines with Windows 8 or later then stop asking, without any harm: event 12308 in the Application log of one of them confirms it. This is the likely cause if nothing else has changed.',
      'Is it a holiday?',
    ],
    mitigation: [
      'Restore the way to the host.',
      'If the machines are switched off on purpose, use `leases.quiet_periods`. If they are gone, run `kmswatch retire CLIENT`.',
    ],
  },
  KmsRenewalsFailing: {
    meaning:
      'The host answered the requests of these clients with success, but their next request shows that nothing was renewed: the remaining time was not set back to 180 days.',
    impact: 'They expire 180 days after the last renewal that worked, although they keep asking.',
    diagnosis: [
      'Run `kmswatch leases --state renewal_failing`, then `kmswatch explain CLIENT` for one of them.',
      'Usually, the host had not counted enough clients for this product (`KmsHostBelowThreshold`): it answers with success all the same.',
      'On such a client, event 12289 in the Application log shows how it took the answer: the third value is 1 if it was accepted, the fifth is the count. A 12288 without a 12289 means that no answer came through. Does anything between client and host cut answers off (an inspecting firewall, the MTU)?',
    ],
    mitigation: [
      'If the count was too low, have more clients ask this host. Else let the answers pass unchanged.',
      'Then run `slmgr /ato` on the client. For Office, run `cscript //nologo ospp.vbs /act` in its folder.',
    ],
  },
} satisfies Record<string, Runbook>;
