import { formatHostPort, parseHostPort } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { NameServer } from './types.ts';

const DNS_PORT = 53;

/** A name server by its address or name, labelled as metrics show it. */
export function nameServer(host: HostName, port: number = DNS_PORT): NameServer {
  return { label: formatHostPort(host, port, DNS_PORT), host, port };
}

/**
 * Reads name servers as they are configured: `host`, `host:port`, an address, `[2001:db8::53]:53`.
 * @returns each server once, in order; or what is wrong with the first bad one
 */
export function parseServers(texts: readonly string[]): Result<readonly NameServer[], string> {
  const servers = new Map<string, NameServer>();
  for (const text of texts) {
    const parsed = parseHostPort(text);
    if (!parsed.ok) return err(parsed.error);
    const server = nameServer(parsed.value.host, parsed.value.port);
    servers.set(server.label, server);
  }
  return ok([...servers.values()]);
}
