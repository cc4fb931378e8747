/** A GUID in 16 octets, in the order of its text. */
export function guidBytes(guid: string): Uint8Array {
  return Buffer.from(guid.replaceAll('-', ''), 'hex');
}

export function guidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** As Windows keeps it in octets: the first three parts are numbers, the lowest octet first. @param octets 16 of them */
export function guidOf(octets: Uint8Array): string {
  const text = guidText(octets).replaceAll('-', '');
  const places = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return guidText(Buffer.from(places.map((place) => text.slice(2 * place, 2 * place + 2)).join(''), 'hex'));
}
