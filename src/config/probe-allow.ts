import ipaddr from 'ipaddr.js';
import { parseHostPort } from '../kernel/address.ts';
import { type HostName, parseHostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { found } from './expect.ts';

/**
 * Reads what `/probe` may look at: a network (`10.0.0.0/8`), a host with or without a port, or all names of a domain (`*.corp.example.com`).
 * @returns the text in lower case; or an error message
 */
export function parseAllowedTarget(text: string): Result<string, string> {
  if (text.includes('/') && ipaddr.isValidCIDR(text)) return ok(text.toLowerCase());
  const named = text.startsWith('*.') ? parseHostName(text.slice(2)) : parseHostPort(text);
  if (named.ok) return ok(text.toLowerCase());
  return err(`expected a network (10.0.0.0/8), HOST, HOST:PORT or *.DOMAIN, found ${found(text)}`);
}

/** One entry of `web.probe_allow`. */
export type AllowedTarget =
  | { readonly kind: 'network'; readonly network: string }
  /** A name or a literal address; without a port, all of its ports. */
  | { readonly kind: 'host'; readonly host: HostName; readonly port: number | undefined }
  /** All names under it. */
  | { readonly kind: 'domain'; readonly domain: HostName };

/** The meaning of an entry that `parseAllowedTarget` has accepted. */
export function readAllowedTarget(text: string): AllowedTarget | undefined {
  if (text.includes('/')) return { kind: 'network', network: text };
  if (text.startsWith('*.')) {
    const domain = parseHostName(text.slice(2));
    return domain.ok ? { kind: 'domain', domain: domain.value } : undefined;
  }
  const endpoint = parseHostPort(text);
  return endpoint.ok ? { kind: 'host', ...endpoint.value } : undefined;
}
