import { formatHostPort } from '../kernel/address.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { NameServer } from './types.ts';

const DNS_PORT = 53;

/** A name server by its address or name, labelled as metrics show it. */
export function nameServer(host: HostName, port: number | undefined = DNS_PORT): NameServer {
  return { label: formatHostPort(host, port, DNS_PORT), host, port };
}
