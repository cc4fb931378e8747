import { firstLabel, NETBIOS_LENGTH } from '../kernel/host-name.ts';

/**
 * Whether two names (lower case) mean one machine: equal, or one is bare and is the first label of the other, whole or
 * cut to a NetBIOS name. Not transitive: `ws1` is both `ws1.a.example` and `ws1.b.example`, which are two machines.
 */
export function sameMachine(a: string, b: string): boolean {
  if (a === b) return true;
  const aIsBare = isBare(a);
  if (aIsBare === isBare(b)) return false;
  return aIsBare ? isShortFor(a, b) : isShortFor(b, a);
}

/**
 * The machine behind each use of one client id. A bare name that fits several FQDNs is the one that the same client id used
 * (the last before, else the first after), else a separate machine.
 * @param names as the client called itself, in order of records
 * @param fullNamesOf the FQDNs that a bare name fits, of all records
 */
export function machinesBehind(
  names: readonly string[],
  fullNamesOf: (bare: string) => readonly string[],
): readonly string[] {
  const fitting = names.map((name) => (isBare(name) ? fullNamesOf(name) : []));
  const known = names.map((name, index) => (fitting[index]?.length === 1 ? (fitting[index][0] ?? name) : name));
  return known.map((name, index) => {
    const fits = fitting[index] ?? [];
    if (fits.length <= 1) return name;
    const isFitting = (other: string) => fits.includes(other);
    return known.slice(0, index).findLast(isFitting) ?? known.slice(index + 1).find(isFitting) ?? name;
  });
}

/**
 * The machine that a name means among others, by the names alone: the FQDN that a bare name fits, if it fits one alone,
 * else itself.
 * @param among names that share `nameKey` with it
 */
export function machineAmong(name: string, among: Iterable<string>): string {
  if (!isBare(name)) return name;
  const full = new Set([...among].filter((other) => !isBare(other) && sameMachine(name, other)));
  const [one = name] = full;
  return full.size === 1 ? one : name;
}

/** What all names of one machine begin with: the first label, cut to a NetBIOS name. */
export function nameKey(name: string): string {
  return firstLabel(name).slice(0, NETBIOS_LENGTH);
}

/** The bare names that mean an FQDN: its first label, and that cut to a NetBIOS name where it is longer. */
export function bareNamesOf(full: string): string[] {
  const label = firstLabel(full);
  return label.length > NETBIOS_LENGTH ? [label, label.slice(0, NETBIOS_LENGTH)] : [label];
}

/** Between which two texts all FQDNs that a bare name may mean are in order: those that it begins, whole or cut. */
export function rangeOfFullNames(bare: string): readonly [from: string, to: string] {
  return bare.length === NETBIOS_LENGTH ? [bare, `${bare}\u{10ffff}`] : [`${bare}.`, `${bare}/`];
}

/** Whether a name has no domain. */
export function isBare(name: string): boolean {
  return !name.includes('.');
}

function isShortFor(bare: string, full: string): boolean {
  const label = firstLabel(full);
  return bare === label || bare === label.slice(0, NETBIOS_LENGTH);
}
