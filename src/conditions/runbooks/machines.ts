import type { Runbook } from '../condition.ts';

export const MACHINE_RUNBOOKS = {
  KmsMachinesNotRenewing: {
    meaning:
      'A list of machines (or the directory, or the machines themselves) shows these machines alive, but they do not ask a KMS host. `not_renewing`: a source saw the machine more than twice `leases.renewal_interval` (14 days) after its last answered request. `never_asked`: no host whose log is read has ever heard of it. More of them do so than `leases.tolerate` allows.',
    impact:
      'Machines that stopped renewing lose their activation 180 days after their last renewal. Machines that never asked run in their grace period, or are not activated at all. The hosts also count fewer clients than there are.',
    diagnosis: [
      'List them: `kmswatch machines --verdict not_renewing` and `--verdict never_asked`, or the page `/machines`. Look for something that they have in common: a site, a network, an image, a domain.',
      'On one of them, run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv`: it shows the licence channel, the host that is configured or was discovered, and the last error.',
      'Does it find a host? `nslookup -type=srv _vlmcs._tcp` on the machine, then `Test-NetConnection HOST -Port 1688`.',
      'Is it activated in another way? Collect rows of licences (docs/inventory.md): machines with a MAK, a retail or a manufacturer key, or by Active Directory, never ask.',
      'Is the list right? A machine that only looks alive, because something else refreshes the date of its account, does not ask either.',
    ],
    mitigation: [
      'If they cannot reach a host, fix DNS or the firewall. Clients ask again by themselves within two hours; `slmgr /ato` asks at once.',
      'If they have no volume licence key, install it: `slmgr /ipk KEY` with the public KMS client key of the edition, then `slmgr /ato`.',
      'If they are gone, correct the list, or retire them: `kmswatch retire --gone`.',
      'If they moved to Active Directory-based activation on purpose, give kmswatch their licence rows or events, or set `leases.migrating`.',
    ],
  },
  KmsInventoryStale: {
    meaning:
      'A source that `inventory` of the configuration names has said nothing for `inventory.stale_after` (8 days by default): its file has not been written again, nobody has posted, or the directory could not be read.',
    impact:
      'kmswatch does not see new machines, and does not notice machines that stop being used. No verdict becomes wrong: ages count back from the newest snapshot, so no machine becomes gone because its list stopped.',
    diagnosis: [
      '`kms_inventory_last_success_timestamp_seconds` says how old the newest snapshot is, and `kms_inventory_up` whether the source can be read now. If it cannot, the log of the agent says why.',
      'For a file: does the job that writes it still run? A file that is touched but refused is named in the log.',
      'For `http`: does the sender get 200? 401 is a wrong token.',
    ],
    mitigation: [
      'Fix the job that writes or posts the list.',
      'If the source is not needed any more, remove it from `inventory`.',
      'If it comes less often on purpose, raise `inventory.stale_after`.',
    ],
  },
  KmsProductNotCovered: {
    meaning:
      'Machines say, in their rows of licences, that they have this product as a KMS client. No key of any KMS host covers it, by the fresh reports of all hosts, and no client has asked for it yet.',
    impact:
      'As soon as these machines ask, they are refused with 0xC004F042 and stay unactivated. It usually means that a new release is being rolled out before its host key is installed.',
    diagnosis: [
      '`kmswatch keys --product PRODUCT` names the host key that covers it, which Windows can hold that key, and after which update.',
      '`kmswatch machines --verdict never_asked` lists machines that have not asked yet.',
    ],
    mitigation: [
      'Windows: install the host key that covers the product on each KMS host: `slmgr /ipk KEY`, then `slmgr /ato`.',
      'Office: install the Volume License Pack of that version on each KMS host, then its key: `slmgr /ipk KEY`, then `slmgr /ato ACTIVATION_ID`. Without the id, `/ato` activates Windows only. `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv all` shows the id of each key.',
      'If the Windows of the host cannot hold that key, upgrade the host first.',
    ],
  },
} as const satisfies Record<string, Runbook>;
