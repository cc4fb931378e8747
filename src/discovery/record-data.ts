import { a, aaaa, soa } from 'dns-packet';
import { ByteReader } from '../kernel/byte-reader.ts';
import { parseHostName } from '../kernel/host-name.ts';
import { CLASS_IN, TYPE } from './constants.ts';
import { DnsFormatError } from './errors.ts';
import type { Message, WireRecord } from './message.ts';
import { readName } from './name-reader.ts';
import type { AddressRecord } from './types.ts';

/** Reads one record's data, from the offset of its RDLENGTH. It neither heeds that length nor leaves the message. */
interface Decoder<T> {
  decode(bytes: Buffer, offset: number): T;
}

// The package exports the codec of each record type, but its type declarations lack them.
declare module 'dns-packet' {
  const a: Decoder<string>;
  const aaaa: Decoder<string>;
  const soa: Decoder<{ minimum: number }>;
}

/** Of the data, which follows two bytes of length. */
const LENGTH_OCTETS = 2;
/** RFC 2782: priority, weight and port. */
const SRV_FIXED = 6;
const ADDRESS_LENGTH = { 4: 4, 6: 16 } as const;

/** RFC 2782, the target in the form of `WireName.text`. */
export interface SrvFields {
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** @throws DnsFormatError when the data is not an SRV record's, or longer or shorter than it */
export function decodeSrv(bytes: Buffer, record: WireRecord): SrvFields {
  if (record.end - record.start <= SRV_FIXED) throw new DnsFormatError('its data is too short');
  // Not by the package's codec: its text of a name is ambiguous (dots in labels, bytes beyond ASCII), and slow for
  // names made to be slow.
  const target = readName(bytes, record.start + SRV_FIXED);
  if (target.end !== record.end) throw new DnsFormatError('its target does not end where its data ends');
  const reader = new ByteReader(bytes.subarray(record.start, record.end));
  return { priority: reader.u16(), weight: reader.u16(), port: reader.u16(), target: target.text };
}

/** @throws DnsFormatError when the data is not one name */
export function decodeCname(bytes: Buffer, record: WireRecord): string {
  const target = readName(bytes, record.start);
  if (target.end !== record.end) throw new DnsFormatError('its name does not end where its data ends');
  return target.text;
}

/**
 * The A and AAAA records of these, those left out that are not well formed.
 * Their names are as they came (`WireName.text`): callers compare one with a name that they know.
 */
export function decodeAddresses(bytes: Buffer, records: readonly WireRecord[]): AddressRecord[] {
  return records.flatMap((record) => decodeAddress(bytes, record) ?? []);
}

/** How long the absence of something may be remembered, in seconds (RFC 2308 5); undefined when nothing says so. */
export function negativeTtl(message: Message): number | undefined {
  const record = message.authorities.find(({ type }) => type === TYPE.SOA);
  if (record === undefined) return undefined;
  try {
    return Math.min(record.ttl, soa.decode(message.bytes, record.start - LENGTH_OCTETS).minimum);
  } catch {
    // The codec throws for any bad byte, and nothing is lost but a hint.
    return undefined;
  }
}

function decodeAddress(bytes: Buffer, record: WireRecord): AddressRecord | undefined {
  const family = familyOf(record);
  if (family === undefined || record.end - record.start !== ADDRESS_LENGTH[family]) return undefined;
  const offset = record.start - LENGTH_OCTETS;
  const address = family === 4 ? a.decode(bytes, offset) : oneForm(aaaa.decode(bytes, offset));
  return { name: record.name, family, address, ttl: record.ttl };
}

/** The codec shortens addresses in its own way (RFC 5952 has one). */
function oneForm(address: string): string {
  const parsed = parseHostName(address);
  return parsed.ok ? parsed.value : address;
}

function familyOf(record: WireRecord): 4 | 6 | undefined {
  if (record.class !== CLASS_IN) return undefined;
  if (record.type === TYPE.A) return 4;
  return record.type === TYPE.AAAA ? 6 : undefined;
}
