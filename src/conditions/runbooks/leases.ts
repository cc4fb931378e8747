import type { Runbook } from '../condition.ts';

export const LEASE_RUNBOOKS = {
  KmsLeasesExpiringSoon: {
    meaning:
      'More leases of a class than `leases.tolerate` allows (5 % by default) expire within `leases.critical` (7 days by default). They have not been renewed for months.',
    impact: 'When they expire, Windows and Office on these machines show that they are not activated.',
    diagnosis: [
      'Run `kmswatch leases --within 7d` (or your `leases.critical`). It lists them, the soonest first. `kmswatch explain CLIENT` says why one does not renew.',
      'What do they have in common: a network, a site, a domain, a product, a host?',
      'Are there alerts about hosts, DNS or the feed of a log? They may be the cause.',
    ],
    mitigation: [
      'Make sure that these machines can reach a host. `slmgr /ato` on one of them shows the error at once.',
      'If machines are gone, run `kmswatch retire CLIENT`, or `kmswatch retire --silent-for 120d`.',
    ],
  },
  KmsLeasesExpiring: {
    meaning: 'More leases of a class than `leases.tolerate` allows expire within `leases.warn` (30 days by default).',
    impact: 'None yet. Windows starts to warn its users at about this time.',
    diagnosis: [
      'Run `kmswatch leases --state expiring`, then `kmswatch explain CLIENT` for one of them.',
      'Were that many machines taken out of service five months ago?',
    ],
    mitigation: [
      'Remove the obstacle that keeps them from renewing.',
      'If machines are gone, run `kmswatch retire CLIENT`. If you replace many machines, raise `leases.tolerate`.',
    ],
  },
  KmsLeasesExpired: {
    meaning: 'More leases of a class than `leases.tolerate` allows expired in the last 30 days without a renewal.',
    impact: 'Machines that still run show that they are not activated. Machines that are gone do not matter.',
    diagnosis: [
      'Run `kmswatch leases --state expired`. Which of these machines still exist in Active Directory or your inventory?',
    ],
    mitigation: [
      'On those that exist, run `slmgr /ato` and act on the error it shows.',
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
      'On such a client, event 12288 in the Application log shows how it took the answer. Does anything between client and host cut answers off (an inspecting firewall, the MTU)?',
    ],
    mitigation: ['Let the answers pass unchanged. Then run `slmgr /ato` on the client.'],
  },
} satisfies Record<string, Runbook>;
