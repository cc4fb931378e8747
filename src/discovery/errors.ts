/** Malformed DNS data; the only error that reading a message or record throws. */
export class DnsFormatError extends Error {
  override readonly name = 'DnsFormatError';
}
