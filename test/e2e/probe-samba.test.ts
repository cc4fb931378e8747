import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { millis } from '../../src/kernel/time.ts';
import { checkImpostor } from '../../src/probe/impostor.ts';
import { probeAddress } from '../../src/probe/probe-address.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { startEndpointMapper } from '../peers/samba.ts';
import { hostName } from '../support/host-name.ts';

type Peer = Awaited<ReturnType<typeof startEndpointMapper>>;

// Port 135 is fixed.
describeWithPeers("Samba's endpoint mapper", ['root', 'samba-dcerpcd'], () => {
  let mapper: Peer;

  beforeAll(async () => {
    mapper = await startEndpointMapper();
  });

  afterAll(() => mapper?.stop());

  test('is an RPC service, but no KMS host', async () => {
    const result = await probeAddress({ ...asked(mapper), hasRoute: async () => true });

    expect(result).toMatchObject({ outcome: 'not_kms', detail: 'an RPC service without the KMS interface' });
  });

  test('refuses a random interface', async () => {
    const check = await checkImpostor({ ...asked(mapper), host: hostName('mapper'), random: systemRandom });

    expect(check?.genuine).toBe(true);
  });
});

function asked({ port }: Peer) {
  return {
    address: '127.0.0.1',
    port,
    timeout: millis(5000),
    clock: systemClock,
    signal: new AbortController().signal,
  };
}
