import { isIPv4 } from 'node:net';
import { type HostName, parseHostName } from './host-name.ts';
import { isIPv6 } from './is-ipv6.ts';
import { err, ok, type Result } from './result.ts';

/** A host (name or literal address) and a TCP or UDP port. */
export interface Endpoint {
  /** Lower-case name without a trailing dot, or an address without brackets. */
  readonly host: HostName;
  /** 1 to 65535. */
  readonly port: number;
}

/**
 * Reads `host`, `host:port`, `192.0.2.1:53`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:53`.
 * @returns the endpoint, its port undefined when the text has none; or an error message
 */
export function parseHostPort(text: string): Result<{ host: HostName; port: number | undefined }, string> {
  const { host, port } = split(text);
  const name = parseHostName(host);
  if (!name.ok) return name;
  if (port === undefined) return ok({ host: name.value, port: undefined });
  const number = parsePort(port);
  return number.ok ? ok({ host: name.value, port: number.value }) : number;
}

/** Reads a port number, 1 to 65535. */
export function parsePort(text: string): Result<number, string> {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= 65535 ? ok(number) : err(`'${text}' is not a port: 1 to 65535`);
}

/** Writes an endpoint; the port is left out when it is the default, and an IPv6 address gets brackets before a port. */
export function formatHostPort(host: string, port: number, defaultPort?: number): string {
  if (port === defaultPort) return host;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for a literal IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

function split(text: string): { host: string; port: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] };
  const colon = text.indexOf(':');
  // Two colons without brackets: an IPv6 address, which leaves no room for a port.
  if (colon === -1 || colon !== text.lastIndexOf(':')) return { host: text, port: undefined };
  return { host: text.slice(0, colon), port: text.slice(colon + 1) };
}
