/** FILETIME of a time in seconds since the epoch. */
export function fileTime(seconds: number): string {
  return String((BigInt(seconds) + 11_644_473_600n) * 10_000_000n);
}

export interface ComputerEntry {
  readonly name: string;
  readonly system?: string;
  /** Seconds since the epoch. */
  readonly seen?: number;
  readonly disabled?: boolean;
}

const WORKSTATION = 0x1000;
const DISABLED = 0x2;

/** LDIF of a computer of a domain. */
export function computerEntry(
  realm: string,
  { name, system = 'Windows 11 Enterprise', seen, disabled }: ComputerEntry,
) {
  return [
    `dn: CN=${name},CN=Computers,${dnOf(realm)}`,
    'objectClass: computer',
    `sAMAccountName: ${name.toUpperCase()}$`,
    `userAccountControl: ${WORKSTATION + (disabled === true ? DISABLED : 0)}`,
    `dNSHostName: ${name}.${realm}`,
    `operatingSystem: ${system}`,
    ...(seen === undefined ? [] : [`lastLogonTimestamp: ${fileTime(seen)}`]),
    '',
    '',
  ].join('\n');
}

/** LDIF of a domain of the forest. */
export function domainEntry(realm: string, domain: string): string {
  const [label = ''] = domain.split('.');
  return [
    `dn: CN=${label.toUpperCase()},CN=Partitions,CN=Configuration,${dnOf(realm)}`,
    'objectClass: crossRef',
    `nCName: ${dnOf(domain)}`,
    `dnsRoot: ${domain}`,
    `nETBIOSName: ${label.toUpperCase()}`,
    'systemFlags: 3',
    '',
    '',
  ].join('\n');
}

/** LDIF of an activation object. @param key activation id of the host key */
export function activationObjectEntry(realm: string, cn: string, name: string, key: string): string {
  const id = Buffer.from(key.replaceAll('-', ''), 'hex');
  const octets = Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((place) => id[place] ?? 0));
  return [
    `dn: CN=${cn},${activationObjectsOf(realm)}`,
    'objectClass: msSPP-ActivationObject',
    `displayName: ${name}`,
    `msSPP-CSVLKSkuId:: ${octets.toString('base64')}`,
    'msSPP-CSVLKPid: 06401-00206-271-392041-03-1033-20348.0000-1232026',
    'msSPP-CSVLKPartialProductKey: T84K8',
    `msSPP-KMSIds:: ${octets.toString('base64')}`,
    '',
    '',
  ].join('\n');
}

/** LDIF of the containers that activation objects are in; an installation of Windows makes them. */
export function activationContainers(realm: string): string {
  const services = `CN=Services,CN=Configuration,${dnOf(realm)}`;
  return [
    `dn: CN=Microsoft SPP,${services}`,
    'objectClass: container',
    '',
    `dn: ${activationObjectsOf(realm)}`,
    'objectClass: msSPP-ActivationObjectsContainer',
    '',
    '',
  ].join('\n');
}

function activationObjectsOf(realm: string): string {
  return `CN=Activation Objects,CN=Microsoft SPP,CN=Services,CN=Configuration,${dnOf(realm)}`;
}

function dnOf(domain: string): string {
  return domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');
}
