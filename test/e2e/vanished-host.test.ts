import { expect, it } from 'vitest';
import { startDnsServer } from '../../src/demo/dns-server.ts';
import { startSimulatedHost } from '../../src/demo/kms-host.ts';
import { seriesValue, startAgent } from '../support/agent.ts';

it('looks after a host that vanished from DNS, over a restart too', async () => {
  const host = await startSimulatedHost({ kind: 'healthy' });
  const address = { name: 'kms01.corp.example', type: 'A', address: host.address } as const;
  const srv = { name: '_vlmcs._tcp.corp.example', type: 'SRV', target: address.name, port: host.port } as const;
  const dns = await startDnsServer({ zones: ['corp.example'], records: [srv, address] });
  const config = `discovery: {domains: [corp.example], servers: ["${dns.address}:${dns.port}"], schedule: "* * * * * *"}`;
  const published = 'kms_host_published{host="kms01.corp.example"}';
  const up = `kms_host_up{host="kms01.corp.example",port="${host.port}"}`;

  const first = await startAgent({ config });
  expect(seriesValue(await first.metrics(), published)).toBe(1);
  dns.setRecords([address]);
  await expect.poll(async () => seriesValue(await first.metrics(), published)).toBe(0);
  expect(seriesValue(await first.metrics(), up)).toBe(1);
  await first.daemon.stop();

  const second = await startAgent({ config, folder: first.folder });
  const page = await second.metrics();
  expect([seriesValue(page, published), seriesValue(page, up), seriesValue(page, 'kms_hosts')]).toEqual([0, 1, 0]);
  await second.stop();
  await Promise.all([dns.close(), host.close()]);
});
