import type { Runbook } from '../condition.ts';

export const CLIENT_RUNBOOKS = {
  KmsRequestsFailing: {
    meaning:
      'In the last hour, the host refused more than 5 % of the requests, and at least 5, according to its own log (event 12290).',
    impact: 'These clients are not activated or not renewed, and they ask again every two hours.',
    diagnosis: [
      'Look at `kms_requests_last_hour` by class and result. `0xC004F042`: the host key does not cover the product. `0xC004F06C`: the clocks differ, or, if they do not, the host is too old for this version of the client. `0xC004F041`: the host itself is not activated.',
      'Run `kmswatch explain CLIENT` for one of them.',
    ],
    mitigation: [
      'Fix the cause that the result names. `KmsProductRefused` and `KmsClientClockSkew` cover the two most common ones.',
    ],
  },
  KmsClientsRetrying: {
    meaning:
      'These leases are not activated, or their renewals fail, or their last request failed, and their machines have been asking again at short intervals for more than a day.',
    impact:
      'Their users see that Windows or Office is not activated, or will see it when the remaining time is used up.',
    diagnosis: [
      'Run `kmswatch leases --host HOST --class CLASS --format csv`: those with `retrying` true are the ones. On the page `/leases?host=HOST` they have the mark "retrying". Then run `kmswatch explain CLIENT` for one of them.',
      'All at one host: is the host below the threshold (`KmsHostBelowThreshold`)? All with one product: see `KmsProductRefused`. All in one network: do answers get through? With 0xC004F06C and clocks that are right, the host is too old for these clients.',
    ],
    mitigation: ['Do what `kmswatch explain` says for each.', 'If a machine is gone, run `kmswatch retire CLIENT`.'],
  },
  KmsDuplicateClientIds: {
    meaning:
      'Within 30 days, two machines used the same client id in turn, or three used it within 24 hours. Windows Setup creates the id, and an image that was not generalised copies it.',
    impact:
      'A host counts all these machines as one, so its count may be far below the number of machines. They are activated as long as other machines fill the count.',
    diagnosis: [
      'Run `kmswatch leases --duplicate`, or open the page `/clones`: it lists each id with its machines. `kmswatch explain CLIENT` names the other machines of one.',
      'Which image or template do they come from?',
    ],
    mitigation: [
      'Generalise the image first (`sysprep /generalize`, without `SkipRearm`), so that no more clones appear.',
      'On each clone, run `slmgr /rearm`, restart, and run `slmgr /ato`. This creates a new client id; between the two, the machine is not activated. It does nothing if `SkipRearm` is 1 under `HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform`: set it to 0 first.',
      'A non-persistent desktop forgets it at the next start: correct its image, and name the desktops in `leases.ephemeral`.',
      'On Windows 7, Office has its own id: run `ospprearm.exe` in its folder as well.',
    ],
  },
  KmsClientClockSkew: {
    meaning:
      "The newest request of these machines within 7 days carried a time more than 4 hours away from the host's. The time zone does not matter, only the clock. While the agent's own clock is in doubt (`KmswatchClockStepped`), nobody can tell whose clock is wrong: an open alert ends, and starts again afterwards if it still holds.",
    impact: 'The host refuses these clients (0xC004F06C). They are not renewed, and expire after 180 days.',
    diagnosis: [
      'Run `kmswatch leases --host HOST --format csv`: those with `last_result` `sl_e_vl_invalid_timestamp` are the ones. Then run `kmswatch explain CLIENT`, which shows how far off one clock is. If many are off by the same amount, check their hypervisor or time server, and the clock of the host itself.',
      'Run `w32tm /query /status` on a client and on the host.',
    ],
    mitigation: [
      'Run `w32tm /resync` on the client, and correct its time source.',
      'Let virtual machines take their time from the domain, not from the hypervisor.',
    ],
  },
} satisfies Record<string, Runbook>;
