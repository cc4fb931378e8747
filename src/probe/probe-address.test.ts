import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { bindAckMessage, bindNakMessage, faultMessage, rpcMessage } from '../../test/doubles/rpc-answers.ts';
import {
  answers,
  answersAndCloses,
  answersAndResets,
  drips,
  echoes,
  type Script,
  startDouble,
  type TcpDouble,
} from '../../test/doubles/tcp-double.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { encodeBind, KMS_INTERFACE, NDR, NDR64 } from './pdu.ts';
import { probeAddress } from './probe-address.ts';

/** For what is to wait until the end of it. What is to end before has `FOREVER`. */
const SHORT = millis(300);
const ACK = bindAckMessage();
const REFUSES_NDR = bindAckMessage({ result: 2, reason: 2 });

let double: TcpDouble | undefined;

afterEach(async () => {
  await double?.close();
  double = undefined;
});

describe('over a real connection', () => {
  const cases: readonly { name: string; script: Script; outcome: string; detail?: string }[] = [
    { name: 'a genuine answer', script: answers(ACK), outcome: 'ok' },
    { name: 'a big-endian answer', script: answers(bindAckMessage({ representation: 0 })), outcome: 'ok' },
    { name: 'one octet at a time', script: drips(ACK, 1), outcome: 'ok' },
    { name: 'an answer before the bind', script: (socket) => socket.write(ACK), outcome: 'ok' },
    { name: 'an answer and the end', script: answersAndCloses(ACK), outcome: 'ok' },
    { name: 'an answer and 100 kB', script: answers(Buffer.concat([ACK, Buffer.alloc(100_000)])), outcome: 'ok' },
    {
      name: 'the longest message',
      script: answers(rpcMessage(12, Buffer.concat([ACK.subarray(16), Buffer.alloc(5780)]))),
      outcome: 'ok',
    },
    { name: 'another interface', script: answers(bindAckMessage({ result: 2, reason: 1 })), outcome: 'not_kms' },
    { name: 'another protocol version', script: answers(bindNakMessage(4)), outcome: 'not_kms' },
    { name: 'congestion', script: answers(bindNakMessage(1)), outcome: 'busy' },
    { name: 'a limit', script: answers(bindNakMessage(2)), outcome: 'busy' },
    { name: 'a fault of a busy server', script: answers(faultMessage(0x1c010014)), outcome: 'busy' },
    { name: 'access denied', script: answers(faultMessage(5, { representation: 0 })), outcome: 'denied' },
    { name: 'authentication wanted', script: answers(bindNakMessage(8)), outcome: 'denied' },
    { name: 'an unspecified refusal', script: answers(bindNakMessage(0)), outcome: 'error', detail: 'with reason 0' },
    {
      name: 'an oversized frag_length',
      script: answers(bindAckMessage({ fragLength: 0xffff })),
      outcome: 'error',
      detail: 'frag_length 65535',
    },
    {
      name: 'a first fragment without end',
      script: answers(bindAckMessage({ flags: 1 })),
      outcome: 'error',
      detail: 'several fragments',
    },
    {
      name: 'HTTP',
      script: answers(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
      outcome: 'not_rpc',
      detail: 'HTTP',
    },
    { name: 'SSH', script: (socket) => socket.write('SSH-2.0-x\r\n'), outcome: 'not_rpc', detail: 'SSH' },
    {
      name: 'a TLS alert',
      script: answersAndCloses(Buffer.from('15030300020232', 'hex')),
      outcome: 'not_rpc',
      detail: 'TLS',
    },
    { name: 'one octet of something else', script: answers(Buffer.from('2')), outcome: 'not_rpc', detail: '32' },
    { name: 'an echo', script: echoes, outcome: 'not_rpc', detail: 'echoes' },
    { name: 'a request', script: answers(rpcMessage(0, Buffer.alloc(8))), outcome: 'not_rpc', detail: 'type 0' },
    { name: 'silence', script: () => {}, outcome: 'silent', detail: 'no answer within' },
    { name: 'half an answer', script: answers(ACK.subarray(0, 30)), outcome: 'silent', detail: 'only 30 bytes' },
    { name: 'octets that take too long', script: drips(ACK, 30), outcome: 'silent', detail: 'bytes of an answer' },
    {
      name: 'a length that never comes',
      script: answers(bindAckMessage({ fragLength: 5840 })),
      outcome: 'silent',
      detail: 'only 60 bytes',
    },
    { name: 'the end at once', script: (socket) => socket.end(), outcome: 'closed', detail: 'no answer' },
    { name: 'a reset', script: answersAndResets(Buffer.alloc(0)), outcome: 'closed', detail: 'no answer' },
    {
      name: 'a torn answer',
      script: answersAndCloses(ACK.subarray(0, 59)),
      outcome: 'closed',
      detail: 'only 59 bytes',
    },
    { name: 'a torn header', script: answersAndResets(ACK.subarray(0, 1)), outcome: 'closed', detail: 'only 1 byte' },
  ];

  test.each(cases)('$name: $outcome', async ({ script, outcome, detail = '' }) => {
    double = await startDouble(script);

    const result = await probe(double.port, outcome === 'silent' ? SHORT : FOREVER);

    expect(result).toMatchObject({ outcome, address: '127.0.0.1', detail: expect.stringContaining(detail) });
  });

  test('every boundary between two octets gives the same', async () => {
    const scripts = Array.from({ length: ACK.length - 1 }, (_, index): Script => {
      return (socket) => {
        socket.setNoDelay(true);
        socket.once('data', () => {
          socket.write(ACK.subarray(0, index + 1));
          setImmediate(() => socket.write(ACK.subarray(index + 1)));
        });
      };
    });
    double = await startDouble(...scripts);

    const outcomes = new Set<string>();
    for (const _ of scripts) {
      const result = await probe(double.port);
      if (typeof result === 'object') outcomes.add(`${result.outcome}: ${result.detail}`);
    }

    expect([...outcomes]).toEqual(['ok: accepts a bind to the KMS interface']);
  });

  test('it sends one bind to the KMS interface, and nothing else', async () => {
    double = await startDouble(answers(ACK));

    await probe(double.port);

    expect(double.received).toEqual([Buffer.from(encodeBind(KMS_INTERFACE, NDR))]);
  });

  test('phases are measured as far as they came', async () => {
    double = await startDouble(answers(ACK), () => {});

    const healthy = await probe(double.port);
    const silent = await probe(double.port, millis(50));

    expect(healthy).toMatchObject({ connect: expect.any(Number), bind: expect.any(Number) });
    expect(silent).toMatchObject({ connect: expect.any(Number), bind: undefined });
  });
});

describe('a peer that refuses NDR 2.0', () => {
  test.each([
    { name: 'takes NDR64', second: answers(ACK), outcome: 'ok' },
    { name: 'refuses it as well', second: answers(REFUSES_NDR), outcome: 'error' },
    { name: 'is busy by then', second: answers(bindNakMessage(2)), outcome: 'busy' },
  ])('$name: $outcome', async ({ second, outcome }) => {
    double = await startDouble(answers(REFUSES_NDR), second);

    const result = await probe(double.port);

    expect(result).toMatchObject({ outcome });
    expect(double.received).toEqual(
      [encodeBind(KMS_INTERFACE, NDR), encodeBind(KMS_INTERFACE, NDR64)].map((x) => Buffer.from(x)),
    );
  });

  test('both connections share one deadline', async () => {
    const answersAfter = (milliseconds: number, answer: Buffer): Script => {
      return (socket) => socket.once('data', () => setTimeout(() => socket.write(answer), milliseconds));
    };
    // The second answer comes 500 ms after the deadline, and 500 ms before one that began with the second connection.
    double = await startDouble(answersAfter(1000, REFUSES_NDR), answersAfter(1500, ACK));

    const result = await probe(double.port, millis(2000));

    expect(result).toMatchObject({ outcome: 'silent' });
    expect(double.received).toHaveLength(2);
  });
});

describe('no connection', () => {
  test('a port where nobody listens: refused', async () => {
    const gone = await startDouble(() => {});
    await gone.close();

    expect(await probe(gone.port)).toMatchObject({ outcome: 'refused', connect: undefined, bind: undefined });
  });

  // TCP to a multicast group has no meaning, so the system refuses it with ENETUNREACH and sends nothing.
  test.each([
    { route: true, result: { outcome: 'unreachable' } },
    { route: false, result: 'no_route' },
  ])('ENETUNREACH, route $route: $result', async ({ route, result }) => {
    const options = { ...defaults(1688), address: '224.0.0.1', hasRoute: async () => route };

    const found = await probeAddress(options);

    if (typeof result === 'string') expect(found).toBe(result);
    else expect(found).toMatchObject(result);
  });
});

describe('an abort', () => {
  test('ends a probe at once, with nothing to say', async () => {
    double = await startDouble(() => {});
    const stop = new AbortController();
    const running = probeAddress({ ...defaults(double.port), timeout: FOREVER, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);

    expect(await running).toBeUndefined();
  });

  test('before the start opens no connection', async () => {
    double = await startDouble(answers(ACK));

    expect(await probeAddress({ ...defaults(double.port), signal: AbortSignal.abort() })).toBeUndefined();
    expect(double.received).toEqual([]);
  });
});

test('neither sockets nor timers nor listeners stay behind', async () => {
  double = await startDouble(answers(ACK), answersAndCloses(ACK.subarray(0, 20)), echoes, () => {}, answers(ACK));
  const { port } = double;
  const stop = new AbortController();
  const before = clientResources();

  for (let round = 0; round < 5; round += 1) {
    const ports = Array.from({ length: 120 }, (_, index) => (index % 6 === 0 ? 1 : port));
    await Promise.all(ports.map((each) => probeAddress({ ...defaults(each, millis(100)), signal: stop.signal })));
  }
  const aborted = Array.from({ length: 50 }, () =>
    probeAddress({ ...defaults(port), timeout: FOREVER, signal: stop.signal }),
  );
  stop.abort();
  await Promise.all(aborted);
  await double.close();

  await expect.poll(clientResources).toBeLessThanOrEqual(before);
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

/** Open sockets and armed timers of this process. */
function clientResources(): number {
  const kinds = process.getActiveResourcesInfo();
  return kinds.filter((kind) => kind === 'Timeout' || kind.startsWith('TCPSocketWrap') || kind === 'TCPConnectWrap')
    .length;
}

function defaults(port: number, timeout: Millis = FOREVER) {
  const signal = new AbortController().signal;
  return { address: '127.0.0.1', port, timeout, clock: systemClock, signal, hasRoute: async () => true };
}

function probe(port: number, timeout?: Millis) {
  return probeAddress(defaults(port, timeout));
}
