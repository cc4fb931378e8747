import type { Runbook } from '../condition.ts';

export const CLIENT_RUNBOOKS = {
  KmsRequestsFailing: {
    meaning: 'In the last hour the host refused more than 5 % of the requests, and at least 5, by its own log (12290).',
    impact: 'These clients are not activated or not renewed, and ask again every two hours.',
    diagnosis: [
      '`kms_requests_last_hour` by class and result. `0xC004F042`: the host key does not cover the product; `0xC004F06C`: clocks differ; `0xC004F041`: the host itself is not activated.',
      '`kmswatch explain CLIENT` for one of them.',
    ],
    mitigation: ['As the result says; `KmsProductRefused` and `KmsClientClockSkew` name the usual two.'],
  },
  KmsProductRefused: {
    meaning: 'Within 24 hours there were at least 2 requests for this product at the host, and every one failed.',
    impact: 'Machines with this product are never activated here. Office complains after 30 days, Windows at once.',
    diagnosis: [
      'Which host keys does it have: `slmgr /dlv all`? A key covers its own version and older ones.',
      'For Office: is the Volume License Pack of that version installed on the host?',
    ],
    mitigation: [
      'Install the host key of this version or a newer one: `slmgr /ipk KEY`, `slmgr /ato`. An old host may need an update first to know it.',
      'Or send these clients to a host that has it.',
    ],
  },
  KmsClientsRetrying: {
    meaning:
      'Leases that are not activated or whose renewals do not take, or whose last request failed, and whose machine has asked again at short intervals for more than a day.',
    impact: 'Their users see that Windows or Office is not activated, or will when the time left is over.',
    diagnosis: [
      '`kmswatch leases --state unactivated` and `--state renewal_failing`, then `kmswatch explain CLIENT` of one.',
      'All at one host: is it below the threshold (`KmsHostBelowThreshold`)? All of one product: `KmsProductRefused`. All in one network: do answers get through?',
    ],
    mitigation: ['As `explain` says for each.', 'Machines that are gone: `kmswatch retire CLIENT`.'],
  },
  KmsDuplicateClientIds: {
    meaning:
      'A client id was used by two machines in turn within 30 days. The id is made when Windows is set up, and copied with an image that was not generalised.',
    impact:
      'A host counts all these machines as one, so that its count may be far below the number of machines. Nothing fails as long as others fill it.',
    diagnosis: [
      '`/api/v1/leases` marks the leases (`duplicate`); `kmswatch explain CLIENT` names the other machines.',
      'Which image or template do they come from?',
    ],
    mitigation: [
      'On each clone: `slmgr /rearm`, restart. That makes a new client id.',
      'Generalise the image: `sysprep /generalize`.',
    ],
  },
  KmsClientClockSkew: {
    meaning:
      'The newest request of these machines within 7 days carried a time more than 4 hours from that of the host. The time zone does not matter, the clock does.',
    impact: 'The host refuses them (0xC004F06C): they are not renewed, and lapse after 180 days.',
    diagnosis: [
      '`kmswatch explain CLIENT` shows by how much one is off. Many by the same amount: their hypervisor or time server; or the host itself is wrong.',
      '`w32tm /query /status` on a client and on the host.',
    ],
    mitigation: [
      '`w32tm /resync` on the client; mend its time source.',
      'Virtual machines: let them take the time of the domain, not of the hypervisor.',
    ],
  },
} satisfies Record<string, Runbook>;
