import type { Runbook } from '../condition.ts';

export const CLIENT_RUNBOOKS = {
  KmsRequestsFailing: {
    meaning:
      'In the last hour, the host refused more than 5 % of the requests, and at least 5, according to its own log (event 12290).',
    impact: 'These clients are not activated or not renewed, and they ask again every two hours.',
    diagnosis: [
      'Look at `kms_requests_last_hour` by class and result. `0xC004F042`: the host key does not cover the product. `0xC004F06C`: the clocks differ. `0xC004F041`: the host itself is not activated.',
      'Run `kmswatch explain CLIENT` for one of them.',
    ],
    mitigation: [
      'Fix the cause that the result names. `KmsProductRefused` and `KmsClientClockSkew` cover the two most common ones.',
    ],
  },
  KmsProductRefused: {
    meaning: 'Within 24 hours, the host had at least 2 requests for this product, and every one failed.',
    impact:
      'Machines with this product are never activated here. Office complains after 30 days, Windows complains at once.',
    diagnosis: [
      'Run `slmgr /dlv all` on the host. Which host keys does it have? A key covers its own version and older ones.',
      'For Office: is the Volume License Pack for that version installed on the host?',
    ],
    mitigation: [
      'Install the host key for this version or a newer one: `slmgr /ipk KEY`, then `slmgr /ato`. An old host may need an update before it accepts the key.',
      'Or send these clients to a host that has the key.',
    ],
  },
  KmsClientsRetrying: {
    meaning:
      'These leases are not activated, or their renewals fail, or their last request failed, and their machines have been asking again at short intervals for more than a day.',
    impact:
      'Their users see that Windows or Office is not activated, or will see it when the remaining time is used up.',
    diagnosis: [
      'Run `kmswatch leases --state unactivated` and `--state renewal_failing`, then `kmswatch explain CLIENT` for one of them.',
      'All at one host: is the host below the threshold (`KmsHostBelowThreshold`)? All with one product: see `KmsProductRefused`. All in one network: do answers get through?',
    ],
    mitigation: ['Do what `kmswatch explain` says for each.', 'If a machine is gone, run `kmswatch retire CLIENT`.'],
  },
  KmsDuplicateClientIds: {
    meaning:
      'Two machines used the same client id in turn within 30 days. Windows Setup creates the id, and an image that was not generalised copies it.',
    impact:
      'A host counts all these machines as one, so its count may be far below the number of machines. Nothing fails as long as other machines fill the count.',
    diagnosis: [
      'Find the leases marked `duplicate` in `/api/v1/leases`. `kmswatch explain CLIENT` names the other machines.',
      'Which image or template do they come from?',
    ],
    mitigation: [
      'On each clone, run `slmgr /rearm` and restart. This creates a new client id.',
      'Generalise the image: `sysprep /generalize`.',
    ],
  },
  KmsClientClockSkew: {
    meaning:
      "The newest request of these machines within 7 days carried a time more than 4 hours away from the host's. The time zone does not matter, only the clock.",
    impact: 'The host refuses these clients (0xC004F06C). They are not renewed, and expire after 180 days.',
    diagnosis: [
      'Run `kmswatch explain CLIENT`. It shows how far off one clock is. If many are off by the same amount, check their hypervisor or time server, and the clock of the host itself.',
      'Run `w32tm /query /status` on a client and on the host.',
    ],
    mitigation: [
      'Run `w32tm /resync` on the client, and correct its time source.',
      'Let virtual machines take their time from the domain, not from the hypervisor.',
    ],
  },
} satisfies Record<string, Runbook>;
