import { afterEach, describe, expect, test } from 'vitest';
import { bindAckMessage, bindNakMessage, faultMessage } from '../../test/doubles/rpc-answers.ts';
import { answers, type Script, startDouble, type TcpDouble } from '../../test/doubles/tcp-double.ts';
import { hostName } from '../../test/support/host-name.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { type Random, systemRandom } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import { checkImpostor, randomInterface } from './impostor.ts';
import { KMS_INTERFACE } from './pdu.ts';

let double: TcpDouble | undefined;

afterEach(() => double?.close());

describe('a bind to a random interface', () => {
  const cases: readonly { name: string; script: Script; genuine: boolean | undefined }[] = [
    { name: 'refused as Windows does', script: answers(bindAckMessage({ result: 2, reason: 1 })), genuine: true },
    { name: 'refused by the user', script: answers(bindAckMessage({ result: 1, reason: 1 })), genuine: true },
    { name: 'refused by a bind_nak', script: answers(bindNakMessage(0)), genuine: true },
    { name: 'refused by a fault', script: answers(faultMessage(0x1c010003)), genuine: true },
    { name: 'refused by an unknown fault', script: answers(faultMessage(0x1c01000b)), genuine: true },
    { name: 'denied', script: answers(faultMessage(5)), genuine: true },
    { name: 'accepted', script: answers(bindAckMessage()), genuine: false },
    { name: 'put off', script: answers(bindNakMessage(1)), genuine: undefined },
    {
      name: 'refused for its transfer syntax',
      script: answers(bindAckMessage({ result: 2, reason: 2 })),
      genuine: undefined,
    },
    { name: 'answered against the rules', script: answers(bindAckMessage({ callId: 9 })), genuine: undefined },
    { name: 'answered with something else', script: answers(Buffer.from('SSH-')), genuine: undefined },
    { name: 'not answered', script: () => {}, genuine: undefined },
    { name: 'cut off', script: (socket) => socket.end(), genuine: undefined },
  ];

  test.each(cases)('$name: genuine $genuine', async ({ script, genuine }) => {
    double = await startDouble(script);

    expect(await check(double.port)).toEqual({ host: 'kms01', port: double.port, at: 5000, genuine });
  });

  test('is what was sent, once', async () => {
    double = await startDouble(answers(bindAckMessage()));

    await check(double.port, fixed(0xff));

    expect(double.received).toHaveLength(1);
    expect(double.received[0]?.subarray(32, 52).toString('hex')).toBe('ffffffffffffff4fbfffffffffffffff01000000');
  });

  test('says nothing after an abort', async () => {
    expect(await check(1688, systemRandom, AbortSignal.abort())).toBeUndefined();
  });
});

describe('the random interface', () => {
  test('is a UUID of version 4, another one each time', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 100; round += 1) {
      const { uuid } = randomInterface(systemRandom);
      expect((uuid[7] ?? 0) >> 4).toBe(4);
      expect((uuid[8] ?? 0) >> 6).toBe(2);
      seen.add(Buffer.from(uuid).toString('hex'));
    }

    expect(seen.size).toBe(100);
  });

  test('is never that of KMS', () => {
    const { uuid } = randomInterface({ int: () => 0, bytes: () => KMS_INTERFACE.uuid });

    expect(uuid).not.toEqual(KMS_INTERFACE.uuid);
  });
});

function fixed(octet: number): Random {
  return { int: () => 0, bytes: (length) => new Uint8Array(length).fill(octet) };
}

function check(port: number, random: Random = systemRandom, signal: AbortSignal = new AbortController().signal) {
  return checkImpostor({
    host: hostName('kms01'),
    port,
    address: '127.0.0.1',
    timeout: millis(500),
    clock: manualClock(5000),
    random,
    signal,
  });
}
