import { parseMachineName } from '../activations/machine-name.ts';
import { isAddress } from '../kernel/address.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { meansNothing } from './nothing.ts';

/** The name of an object that lost a conflict of replication: `NAME`, a line feed in any spelling, and this (MS-ADTS 3.1.1.5.1.4). */
const CONFLICT = /[\s\\\p{Cc}]*(?:0A)?CNF:[0-9a-f-]{36}\s*$/iu;
/** What a spreadsheet makes of a long number or of a name such as `5E12`. */
const SPREADSHEET_NUMBER = /^[+-]?\d+(?:[.,]\d+)*(?:E[+-]?\d+)?$/i;
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/**
 * Reads a machine's name as inventories write it: `DOMAIN\NAME`, `NAME$`, a final dot, blanks around it.
 * @returns the name as logs have it, an empty text if there is none; or an error message
 */
export function readName(text: string): Result<string, string> {
  const plain = decoded(text.replace(INVISIBLE, '')).replace(CONFLICT, '').trim();
  const name = plain.replace(/^[^\\/]+\\(?=[^\\])/, '').replace(/\$$/, '');
  if (meansNothing(name)) return ok('');
  if (isAddress(name.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')) || /^\d+(?:\.\d+){3}$/.test(name)) {
    return err('an address is not a name');
  }
  if (SPREADSHEET_NUMBER.test(name)) return err('a number is not the name of a machine');
  return /[.]{2}|^[.]/.test(name) ? err('the machine name has an empty part') : parseMachineName(name);
}

/** A name as somebody types it (`DOMAIN\NAME`, `NAME$`, a final dot), as logs have it; what is no name stays as it is. */
export function plainName(text: string): string {
  const name = readName(text);
  return name.ok && name.value !== '' ? name.value : text;
}

/** The full name, where the domain is a DNS name and the name is bare. */
export function withDomain(name: string, domain: string): string {
  if (name.includes('.') || !domain.includes('.')) return name;
  const suffix = parseMachineName(domain.replace(/^\./, ''));
  return suffix.ok && !isAddress(suffix.value) ? `${name}.${suffix.value}` : name;
}

/** csvde writes text that is not plain as `X'...'`, its octets in hexadecimal. */
function decoded(text: string): string {
  const hex = /^X'((?:[0-9a-f]{2})+)'$/i.exec(text.trim())?.[1];
  return hex === undefined ? text : Buffer.from(hex, 'hex').toString('utf8');
}
