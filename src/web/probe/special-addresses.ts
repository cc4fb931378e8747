import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges (as ipaddr.js names them) that lead to this machine, to its neighbours, to many, or elsewhere than they say. */
const SPECIAL: ReadonlySet<string> = new Set([
  'unspecified',
  'loopback',
  'linkLocal',
  'multicast',
  'broadcast',
  'ipv4Mapped',
  // Each has an IPv4 address in it, which a translator or relay on the way would connect to.
  'rfc6145',
  'rfc6052',
  '6to4',
  'teredo',
]);

/**
 * Where clouds tell a machine its credentials, by their own documentation: Amazon EC2 (IPv6), Google Cloud (IPv6), Alibaba
 * Cloud, Oracle Cloud, Azure. The others' 169.254.169.254 is link-local.
 */
const METADATA: ReadonlySet<string> = new Set([
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
]);

/** @returns what is special about a literal address; undefined for one of an ordinary host */
export function specialRange(address: string): string | undefined {
  return rangeOf(meant(address));
}

/** Whether an address is in a network, IPv4 written as IPv6 too. */
export function isInNetwork(address: string, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  const own = meant(address);
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

const COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/** The IPv4 address in an IPv4-mapped or IPv4-compatible one (RFC 4291 2.5.5), any other as it is. */
function meant(text: string): Address {
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4' || !address.match(COMPATIBLE) || OWN_MEANING.has(address.range())) return address;
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}

/** `::` and `::1`, which have the form of IPv4-compatible addresses. */
const OWN_MEANING: ReadonlySet<string> = new Set(['unspecified', 'loopback']);

function rangeOf(address: Address): string | undefined {
  if (METADATA.has(address.toString())) return 'metadata';
  const range = address.range();
  return SPECIAL.has(range) ? range : undefined;
}
