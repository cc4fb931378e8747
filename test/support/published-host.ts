import { type DemoDnsServer, startDnsServer } from '../../src/demo/dns-server.ts';
import type { SimulatedHost } from '../../src/demo/kms-host.ts';

/** A DNS server in whose zone `corp.example` one KMS host is published under a name. */
export function publishHost(name: string, { address, port }: SimulatedHost): Promise<DemoDnsServer> {
  return startDnsServer({
    zones: ['corp.example'],
    records: [
      { name: '_vlmcs._tcp.corp.example', type: 'SRV', target: name, port },
      { name, type: 'A', address },
    ],
  });
}
