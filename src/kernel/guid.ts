/** A GUID in 16 octets, in the order of its text. */
export function guidBytes(guid: string): Uint8Array {
  return Buffer.from(guid.replaceAll('-', ''), 'hex');
}

export function guidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
