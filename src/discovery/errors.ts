/** Octets that are not the DNS message or record they should be; the only error that reading one throws. */
export class DnsFormatError extends Error {
  override readonly name = 'DnsFormatError';
}
