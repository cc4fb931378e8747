import { CLASS_IN, type QueryType, TYPE } from './constants.ts';
import type { Message, WireRecord } from './message.ts';
import { decodeCname } from './record-data.ts';

/** More aliases in a row are a loop or a mistake. */
export const MAX_ALIASES = 8;

/** Where the aliases of an answer lead. */
export interface Chain {
  /** The last name, in the form of `WireName.text`. */
  readonly name: string;
  /** The records of the wanted type that the last name has. */
  readonly records: readonly WireRecord[];
  readonly aliases: number;
  /** Seconds: the smallest TTL of the aliases; Infinity without any. */
  readonly ttl: number;
}

/**
 * Follows the CNAME records of an answer from the name that was asked for, at most `MAX_ALIASES` and one more.
 * @throws DnsFormatError when an alias cannot be read
 */
export function followAliases(message: Message, asked: string, type: QueryType): Chain {
  let name = asked;
  let ttl = Number.POSITIVE_INFINITY;
  for (let aliases = 0; ; aliases += 1) {
    const records = select(message, name, TYPE[type]);
    const alias = select(message, name, TYPE.CNAME)[0];
    if (records.length > 0 || alias === undefined || aliases > MAX_ALIASES) return { name, records, aliases, ttl };
    ttl = Math.min(ttl, alias.ttl);
    name = decodeCname(message.bytes, alias);
  }
}

/** Why an answer without records says nothing about the name; undefined when it does say that there are none. */
export function lameness(message: Message): string | undefined {
  const { authoritative, recursionAvailable } = message.header;
  if (authoritative || recursionAvailable) return undefined;
  const types = message.authorities.map(({ type }) => type);
  // RFC 2308 2.2: without an answer, SOA makes it a NODATA, NS alone a referral.
  if (types.includes(TYPE.SOA)) return undefined;
  if (types.includes(TYPE.NS)) return 'a referral to other servers: this server neither has the zone nor resolves it';
  return 'a lame answer: this server neither has the zone nor resolves it';
}

function select(message: Message, name: string, type: number): WireRecord[] {
  return message.answers.filter((record) => record.type === type && record.class === CLASS_IN && record.name === name);
}
