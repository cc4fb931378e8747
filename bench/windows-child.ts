/** The Windows side of many hosts: says their addresses, and how many connections they have whenever it is asked. */
import { z } from 'zod';
import { startWindowsHost, type WindowsHost } from '../src/demo/windows/windows-host.ts';
import { requestEvents } from '../test/support/log-host.ts';
import { readInput } from './child.ts';

const { hosts: count, key, cert } = await readInput(z.object({ hosts: z.number(), key: z.string(), cert: z.string() }));
const service = { Version: '10.0.20348.1', KeyManagementServiceListeningPort: 0, VLActivationInterval: 120 };
const product = {
  ID: 'd3302022-0000-4000-8000-000000000000',
  ApplicationID: '55c92734-d682-4d71-983e-d6ec3f16059f',
  Description: 'Windows(R) Operating System, VOLUME_KMS_WS22 channel',
  PartialProductKey: 'ABCDE',
  LicenseStatus: 1,
  IsKeyManagementServiceMachine: 1,
  KeyManagementServiceCurrentCount: 50,
};
const report = () => ({ service, products: [product], os: 'Microsoft Windows Server 2022 Standard' });
const hosts: WindowsHost[] = [];
for (let n = 0; n < count; n++) {
  const host = await startWindowsHost({ name: `kms${n}.corp.example`, report, tls: { key, cert } });
  host.log('Key Management Service').append(requestEvents(Number(process.env['RECORDS'] ?? 20)));
  hosts.push(host);
}
process.on('message', () => {
  process.send?.({
    connections: hosts.reduce((sum, host) => sum + host.connections(), 0),
    // Of each report, which has three questions.
    reports: Math.floor(hosts.reduce((sum, host) => sum + (host.requests.get('Enumerate') ?? 0), 0) / 3),
    subscriptions: hosts.reduce((sum, host) => sum + host.contexts().subscriptions, 0),
  });
});
process.once('disconnect', () => process.exit());
process.send?.({ urls: hosts.map(({ url }) => url) });
