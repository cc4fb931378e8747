import type { Runbook } from '../condition.ts';

export const LEASE_RUNBOOKS = {
  KmsLeasesExpiringSoon: {
    meaning:
      'More leases of a class than `leases.tolerate` (5 % unless configured) end within `leases.critical` (7 days), and have not been renewed for months.',
    impact: 'When they end, Windows and Office say on these machines that they are not activated.',
    diagnosis: [
      '`kmswatch leases --within 7d` lists them, the soonest first; `kmswatch explain CLIENT` says why one does not renew.',
      'What do they have in common: network, site, domain, product, host?',
      'Are there alerts about hosts, DNS or the feed of a log? Those are causes.',
    ],
    mitigation: [
      'Let them reach a host: `slmgr /ato` on such a machine tells the error at once.',
      'Machines that are gone: `kmswatch retire CLIENT`, or `kmswatch retire --silent-for 120d`.',
    ],
  },
  KmsLeasesExpiring: {
    meaning: 'More leases of a class than `leases.tolerate` end within `leases.warn` (30 days unless configured).',
    impact: 'None yet. Windows warns its users from about here on.',
    diagnosis: [
      '`kmswatch leases --within 30d`, then `kmswatch explain CLIENT`.',
      'Were so many machines taken out of service five months ago?',
    ],
    mitigation: [
      'Mend what keeps them from renewing.',
      'Machines that are gone: `kmswatch retire CLIENT`. A higher `leases.tolerate` where many are replaced.',
    ],
  },
  KmsLeasesExpired: {
    meaning: 'More leases of a class than `leases.tolerate` ended in the last 30 days without renewal.',
    impact: 'Machines that still run say that they are not activated. Machines that are gone do not matter.',
    diagnosis: ['`kmswatch leases --state expired`: which of them still exist (Active Directory, inventory)?'],
    mitigation: [
      'On those that exist: `slmgr /ato`, and what it says.',
      'Retire the others: `kmswatch retire CLIENT`, or from an inventory `kmswatch retire --from FILE`.',
    ],
  },
  KmsRenewalsStalled: {
    meaning:
      'Clients renew every 7 days. Of the leases of a class that were heard from in the last 44 days, more than `leases.stalled` (20 %) have been silent for over 14. Not counted in `leases.quiet_periods`.',
    impact: 'None for some five months; this is the early sign of what ends in `KmsLeasesExpiringSoon`.',
    diagnosis: [
      '`kmswatch leases --state renewal_overdue` lists them: what do they have in common?',
      'Does the log of their host arrive (`KmsActivationFeedStale`)? Was there a change in network, DNS or policy two weeks ago?',
      'Is it a holiday?',
    ],
    mitigation: [
      'Mend the way to the host.',
      'A fleet that sleeps: `leases.quiet_periods`. Machines that are gone: `kmswatch retire CLIENT`.',
    ],
  },
  KmsRenewalsFailing: {
    meaning:
      'Clients whose requests the host answered with success, and whose next request shows that the renewal did not take: the time left was not set back to 180 days.',
    impact: 'They lapse 180 days after the last renewal that took, though they ask all the time.',
    diagnosis: [
      '`kmswatch leases --state renewal_failing`, then `kmswatch explain CLIENT`.',
      'On such a client: event 12288 in the log Application tells what it made of the answer. Does anything between client and host cut answers off (inspecting firewall, MTU)?',
    ],
    mitigation: ['Let answers pass unchanged. Then `slmgr /ato` on the client.'],
  },
} satisfies Record<string, Runbook>;
