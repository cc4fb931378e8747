import { type Columns, cellOf } from './columns.ts';
import type { LeftOutReason } from './types.ts';

/** Prefix of the service names of a cluster's network name (Windows Server, failover clustering). */
const CLUSTER_SERVICE = /\bMSClusterVirtualServer\//i;
const CLUSTER_DESCRIPTION = /failover[- ]?cluster.*(?:virtual|network|name|netzwerk)|cluster virtual network name/i;
/** Classes of managed service accounts, which derive from `computer` (MS-ADSC). */
const SERVICE_ACCOUNT = /\bmsDS-(?:Group|Delegated)?ManagedServiceAccount\b/i;
/** SAM_MACHINE_ACCOUNT of MS-SAMR 2.2.1.9. */
const MACHINE_ACCOUNT = '805306369';
/** ADS_UF_NORMAL_ACCOUNT and ADS_UF_INTERDOMAIN_TRUST_ACCOUNT (MS-ADTS 2.2.16). */
const NO_MACHINE_FLAGS = 0x200 | 0x800;
/** Objects of class computer that represent a service of Microsoft's cloud, and entries of Configuration Manager for machines that it does not know yet. */
const NO_MACHINE =
  /^(?:azureadssoacc|azureadkerberos)(?:\$|\.|$)|^(?:(?:x64|x86|arm64) unknown computer|provisioning device)\b/i;
const DELETED = /[\s\\\p{Cc}](?:0A)?DEL:[0-9a-f-]{36}/iu;

/**
 * Why a row is about no machine, whatever its system is; undefined if it may be about one.
 * @param name as the source writes it
 */
export function leftOutAs(cells: readonly string[], columns: Columns, name: string): LeftOutReason | undefined {
  const objectClass = cellOf(cells, columns, 'object_class');
  if (SERVICE_ACCOUNT.test(objectClass)) return 'service_account';
  if (isOfAnotherClass(objectClass) || hasAccountOfAnotherKind(cells, columns)) return 'not_a_machine';
  if (NO_MACHINE.test(name) || DELETED.test(name)) return 'not_a_machine';
  const cluster =
    CLUSTER_SERVICE.test(cellOf(cells, columns, 'service_names')) ||
    CLUSTER_DESCRIPTION.test(cellOf(cells, columns, 'description'));
  return cluster ? 'cluster_name' : undefined;
}

/** A multi-valued class ends in the most special one; exports that lose the list have a type name there. */
function isOfAnotherClass(objectClass: string): boolean {
  return /(?:^|[;,\s])(?:user|group|contact|inetOrgPerson|organizationalUnit|container|printQueue|volume|domainDNS|foreignSecurityPrincipal|trustedDomain)\s*$/i.test(
    objectClass,
  );
}

function hasAccountOfAnotherKind(cells: readonly string[], columns: Columns): boolean {
  const type = cellOf(cells, columns, 'account_type');
  if (/^\d+$/.test(type) && type !== MACHINE_ACCOUNT) return true;
  const flags = cellOf(cells, columns, 'account_flags');
  return /^\d+$/.test(flags) && (Number(flags) & NO_MACHINE_FLAGS) !== 0;
}
