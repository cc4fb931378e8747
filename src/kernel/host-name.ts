import { isIPv4 } from 'node:net';
import { isIPv6 } from './is-ipv6.ts';
import { err, ok, type Result } from './result.ts';

declare const canonical: unique symbol;

/**
 * A host or domain name as it is compared, stored and put into labels: lower case, no trailing dot,
 * only letters, digits, `-`, `_` and dots (or a literal address), so that it can break neither a label nor a page.
 * Only `parseHostName` makes one.
 */
export type HostName = string & { readonly [canonical]: true };

/** RFC 1035 2.3.4, without the root's own byte. */
const MAX_NAME = 253;
const MAX_LABEL = 63;

/**
 * Reads a host or domain name, or a literal address.
 * Underscores are taken, as Active Directory and Windows machine names have them (RFC 2181 11 allows any byte).
 * @returns the name in its one form; or an error message
 */
export function parseHostName(text: string): Result<HostName, string> {
  if (isIPv4(text)) return ok(hostNameOfRecord(text));
  if (isIPv6(text)) return ok(hostNameOfRecord(canonicalIPv6(text)));
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name === '') return err('the name is empty');
  if (name.length > MAX_NAME) return err(`the name has more than ${MAX_NAME} characters`);
  for (const label of name.split('.')) {
    if (label === '') return err(`'${name}' has an empty label`);
    if (label.length > MAX_LABEL) return err(`'${name}' has a label of more than ${MAX_LABEL} characters`);
    if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/.test(label)) {
      return err(`'${printable(name)}' is not a host name: labels have letters, digits, '-' and '_' only`);
    }
  }
  // 10.0.0.300 is a mistyped address, never a name: no top-level domain is all digits (RFC 3696 2).
  if (/^\d+$/.test(name.slice(name.lastIndexOf('.') + 1))) return err(`'${name}' is not an address`);
  return ok(hostNameOfRecord(name.toLowerCase()));
}

/** A name that is in its one form already: it was written into the agent's own database as one. */
export function hostNameOfRecord(text: string): HostName {
  return text as HostName;
}

/** NetBIOS names end here, so a bare name of this length may be a longer one cut off. */
export const NETBIOS_LENGTH = 15;

/** The first label of a name: `kms01` of `kms01.corp.example.com`. */
export function firstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? name : name.slice(0, dot);
}

/** Bytes from elsewhere as text for a person: control characters and the like become `?`, long texts are cut. */
export function printable(text: string, limit = 80): string {
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return clean.length > limit ? `${clean.slice(0, limit - 3)}...` : clean;
}

/** One text for each IPv6 address (RFC 5952), a zone kept as it is. */
function canonicalIPv6(text: string): string {
  const zone = text.indexOf('%');
  const address = zone === -1 ? text : text.slice(0, zone);
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return zone === -1 ? canonical : canonical + text.slice(zone);
}
