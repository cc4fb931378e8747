import { createConnection } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { rpcMessage } from '../../test/doubles/rpc-answers.ts';
import { hostName } from '../../test/support/host-name.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import { checkImpostor } from '../probe/impostor.ts';
import { encodeBind, KMS_INTERFACE, NDR } from '../probe/pdu.ts';
import { probeAddress } from '../probe/probe-address.ts';
import { SIMULATED_HOST_KINDS, type SimulatedHost, type SimulatedHostKind, startSimulatedHost } from './kms-host.ts';

const OUTCOMES: Readonly<Record<SimulatedHostKind, string>> = {
  healthy: 'ok',
  slow: 'ok',
  impostor: 'ok',
  not_kms: 'not_kms',
  busy: 'busy',
  denied: 'denied',
  silent: 'silent',
  closes: 'closed',
  http: 'not_rpc',
  ssh: 'not_rpc',
  tls: 'not_rpc',
};

let host: SimulatedHost | undefined;

afterEach(() => host?.close());

test.each(SIMULATED_HOST_KINDS)('a host of the kind %s is found so by a probe', async (kind) => {
  host = await startSimulatedHost({ kind, delay: 150 });

  const result = await probeAddress({ ...asked(host), hasRoute: async () => true });

  expect(result).toMatchObject({ outcome: OUTCOMES[kind] });
  expect(host.connections()).toBe(1);
});

test('a slow host is late', async () => {
  host = await startSimulatedHost({ kind: 'slow', delay: FOREVER });

  const result = await probeAddress({ ...asked(host), timeout: millis(300), hasRoute: async () => true });

  expect(result).toMatchObject({ outcome: 'silent' });
});

test.each([
  ['healthy', true],
  ['slow', true],
  ['impostor', false],
  ['silent', undefined],
] as const)('a host of the kind %s is genuine: %s', async (kind, genuine) => {
  host = await startSimulatedHost({ kind, delay: 10 });

  const check = await checkImpostor({ ...asked(host), host: hostName('kms01'), random: systemRandom });

  expect(check?.genuine).toBe(genuine);
});

describe('anything but one bind', () => {
  const bind = encodeBind(KMS_INTERFACE, NDR);
  test.each([
    { name: 'a request', octets: rpcMessage(0, Buffer.alloc(24)) },
    { name: 'an alter_context', octets: rpcMessage(14, Buffer.alloc(56)) },
    { name: 'no RPC', octets: Buffer.from('GET / HTTP/1.1\r\nHost: kms\r\n\r\n') },
    { name: 'a bind that is too short', octets: rpcMessage(11, Buffer.alloc(8)) },
    { name: 'a bind that is too long', octets: rpcMessage(11, Buffer.alloc(56), { fragLength: 5000 }) },
    { name: 'a bind and a request with it', octets: Buffer.concat([bind, rpcMessage(0, Buffer.alloc(24))]) },
  ])('$name: the connection is dropped without an answer', async ({ octets }) => {
    host = await startSimulatedHost({ kind: 'healthy' });

    expect(await talk(host, [octets])).toBe(0);
  });

  test('a request after the bind: dropped, with no more than the answer to the bind', async () => {
    host = await startSimulatedHost({ kind: 'healthy' });

    expect(await talk(host, [bind, rpcMessage(0, Buffer.alloc(24))])).toBe(60);
  });
});

/** Sends each part once something came for the one before it. @returns how many octets came until the host closed */
function talk({ address, port }: SimulatedHost, parts: readonly Uint8Array[]): Promise<number> {
  return new Promise((resolve) => {
    const waiting = [...parts];
    let octets = 0;
    const socket = createConnection(port, address);
    const send = () => socket.write(waiting.shift() ?? '');
    send();
    socket.on('data', (data) => {
      octets += data.length;
      send();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(octets));
  });
}

/** A silent host is waited for until the deadline, the others are to answer before. */
function asked({ kind, address, port }: SimulatedHost) {
  const timeout = millis(kind === 'silent' ? 300 : 5000);
  return { address, port, timeout, clock: systemClock, signal: new AbortController().signal };
}
