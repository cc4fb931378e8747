import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { millis } from '../../src/kernel/time.ts';
import { checkImpostor } from '../../src/probe/impostor.ts';
import { probeAddress } from '../../src/probe/probe-address.ts';
import { startImpacket } from '../peers/impacket.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { hostName } from '../support/host-name.ts';

const KMS = '51c82175-844e-4750-b0d8-ec255555bc06';
const OTHER = 'deadbeef-0000-4000-8000-000000000001';

type Peer = Awaited<ReturnType<typeof startImpacket>>;

describeWithPeers("impacket's RPC server", ['impacket'], () => {
  let kms: Peer;
  let other: Peer;

  beforeAll(async () => {
    [kms, other] = await Promise.all([startImpacket(KMS), startImpacket(OTHER)]);
  });

  afterAll(() => Promise.all([kms?.stop(), other?.stop()]));

  test('with the KMS interface is a KMS host', async () => {
    expect(await probeAddress(asked(kms))).toMatchObject({
      outcome: 'ok',
      detail: 'accepts a bind to the KMS interface',
      connect: expect.any(Number),
      bind: expect.any(Number),
    });
  });

  test('refuses a random interface, and so is genuine', async () => {
    expect(await checkImpostor({ ...asked(kms), host: hostName('kms01'), random: systemRandom })).toMatchObject({
      genuine: true,
    });
  });

  test('with another interface only is no KMS host', async () => {
    expect(await probeAddress(asked(other))).toMatchObject({ outcome: 'not_kms' });
  });
});

function asked({ port }: Peer) {
  const signal = new AbortController().signal;
  return { address: '127.0.0.1', port, timeout: millis(5000), clock: systemClock, signal, hasRoute: async () => true };
}
