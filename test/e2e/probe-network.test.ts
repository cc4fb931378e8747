import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { millis } from '../../src/kernel/time.ts';
import { probeAddress } from '../../src/probe/probe-address.ts';

const DOUBLES = join(import.meta.dirname, '../doubles');

/** Whether this system lets a test make its own network, with nothing in it but the loopback interface. */
const HAS_NAMESPACES =
  process.platform === 'linux' && spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

describe.skipIf(!HAS_NAMESPACES)('without a route (unshare -n)', () => {
  test('an address is left out, and a host with no other is unreachable', () => {
    const script = `ip link set lo up && exec "${process.execPath}" "${join(DOUBLES, 'probe-without-routes.ts')}"`;

    const done = spawnSync('unshare', ['-n', 'sh', '-c', script], { encoding: 'utf8', timeout: 60_000 });

    expect(JSON.parse(done.stdout)).toMatchObject([
      { outcome: 'ok', addresses: [{ address: '127.0.0.1', outcome: 'ok' }] },
      {
        outcome: 'unreachable',
        detail: 'this system has no route to 192.0.2.1, 2001:db8::1',
        addresses: [],
      },
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('a port whose packets are dropped (Linux)', () => {
  test('is filtered', async () => {
    const listener = spawn(process.execPath, [join(DOUBLES, 'deaf-listener.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(listener.stdout, 'data');
    const port = Number(String(line));
    // Two fill a queue of one; from then on the system answers no SYN.
    const queue = Array.from({ length: 4 }, () => createConnection(port, '127.0.0.1').on('error', () => {}));
    await new Promise((resolve) => setTimeout(resolve, 200));

    const result = await probeAddress({
      address: '127.0.0.1',
      port,
      timeout: millis(500),
      clock: systemClock,
      signal: new AbortController().signal,
      hasRoute: async () => true,
    });

    expect(result).toMatchObject({
      outcome: 'filtered',
      detail: 'no answer to the connection attempt within 500ms',
      connect: undefined,
    });
    for (const socket of queue) socket.destroy();
    listener.kill('SIGKILL');
    await once(listener, 'exit');
  });
});
