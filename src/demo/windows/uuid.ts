import type { Random } from '../../kernel/random.ts';

/** Random, in upper case with its scheme in lower case, as Windows writes them. */
export function newUuid(random: Random): string {
  const octets = random.bytes(16);
  // RFC 9562 5.4: version 4 and its variant.
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(octets).toString('hex').toUpperCase();
  return `uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
}
