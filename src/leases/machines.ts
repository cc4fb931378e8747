import { firstLabel } from '../kernel/host-name.ts';

/** NetBIOS names end here, so a bare name may be a longer one cut off. */
const NETBIOS_LENGTH = 15;

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

/** The bare names that mean an FQDN: its first label, and that cut to a NetBIOS name where it is longer. */
export function bareNamesOf(full: string): string[] {
  const label = firstLabel(full);
  return label.length > NETBIOS_LENGTH ? [label, label.slice(0, NETBIOS_LENGTH)] : [label];
}

/** Whether a name has no domain. */
export function isBare(name: string): boolean {
  return !name.includes('.');
}

function isShortFor(bare: string, full: string): boolean {
  const label = firstLabel(full);
  return bare === label || bare === label.slice(0, NETBIOS_LENGTH);
}
