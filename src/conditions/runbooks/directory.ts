import type { Runbook } from '../condition.ts';

export const DIRECTORY_RUNBOOKS = {
  KmsActivationObjectUnexpected: {
    meaning:
      'Active Directory has an activation object, in `CN=Activation Objects,CN=Microsoft SPP,CN=Services` of its configuration, with a name that `inventory.directory.expected_objects` does not have. Active Directory-based activation works by such objects: a machine of the forest that finds one for its product activates itself for 180 days, without any KMS host.',
    impact:
      'Machines that use it stop renewing at your KMS hosts: their counts fall, and their leases end, although the machines are activated. An object that somebody made without leave activates products for which you may have no licence. To make one, somebody needs the rights of an enterprise administrator.',
    diagnosis: [
      'Read the object: `Get-ADObject -SearchBase "CN=Activation Objects,CN=Microsoft SPP,CN=Services,$((Get-ADRootDSE).configurationNamingContext)" -Filter * -Properties displayName,whenCreated,msSPP-CSVLKPartialProductKey,msSPP-CSVLKPid`. `whenCreated` says when it was made.',
      'Compare the last characters of its key with your volume licence keys.',
      'Find out who made it: see event 5137 in the Security log of the domain controllers, if changes of the directory are audited; otherwise its owner in its security settings.',
    ],
    mitigation: [
      'If it belongs there, add its name to `inventory.directory.expected_objects`. If it belongs to a move away from KMS, see `leases.migrating`.',
      'If it does not, remove it: Volume Activation Management Tool, "Active Directory-Based Activation", or `Remove-ADObject`. Machines that it activated stay activated until their 180 days end, and ask a KMS host before that.',
      'If nobody knows it, treat it as an incident: only enterprise administrators can make one.',
    ],
  },
} as const satisfies Record<string, Runbook>;
