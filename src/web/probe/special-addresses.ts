import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges of ordinary hosts; every other one (loopback, link-local, multicast, translations, ...) is special. */
const ORDINARY: ReadonlySet<string> = new Set(['unicast', 'private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Where clouds tell a machine its credentials, by their own documentation: Amazon EC2 (IPv6), Google Cloud (IPv6), Alibaba
 * Cloud. The others' 169.254.169.254 is link-local.
 */
const METADATA: readonly string[] = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'];

/** @returns what is special about a literal address; undefined for one of an ordinary host */
export function specialRange(address: string): string | undefined {
  return rangeOf(ipaddr.process(address));
}

/** Whether an address is in a network, IPv4 in IPv6 clothes too. */
export function isInNetwork(address: string, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  const own = ipaddr.process(address);
  return own.kind() === base.kind() && own.match(base, bits);
}

/** Whether a network lies as a whole in one special range: who writes 0.0.0.0/0 does not think of loopback. */
export function isSpecialNetwork(network: string, range: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  if (bits === (base.kind() === 'ipv4' ? 32 : 128)) return rangeOf(base) === range;
  const kind = base.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const [first, last] = [kind.networkAddressFromCIDR(network), kind.broadcastAddressFromCIDR(network)];
  return rangeOf(first) === range && rangeOf(last) === range;
}

function rangeOf(address: Address): string | undefined {
  if (METADATA.includes(address.toString())) return 'metadata';
  const range = address.range();
  return ORDINARY.has(range) ? undefined : range;
}
