/** For a network namespace in which there is only the loopback interface: probes a host with two addresses, prints it. */

import { startSimulatedHost } from '../../src/demo/kms-host.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { ok } from '../../src/kernel/result.ts';
import { millis } from '../../src/kernel/time.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { hostName } from '../support/host-name.ts';

const host = await startSimulatedHost({ kind: 'healthy' });
const results = [];
for (const addresses of [
  ['192.0.2.1', '127.0.0.1', '2001:db8::1'],
  ['192.0.2.1', '2001:db8::1'],
]) {
  results.push(
    await probeHost({
      host: hostName('kms01.corp.example.com'),
      port: host.port,
      resolve: async () => ok({ addresses }),
      timeout: millis(2000),
      clock: systemClock,
      signal: new AbortController().signal,
    }),
  );
}
process.stdout.write(JSON.stringify(results));
await host.close();
