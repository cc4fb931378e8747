import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindAckMessage } from '../../test/doubles/rpc-answers.ts';
import { answers, startDouble, type TcpDouble } from '../../test/doubles/tcp-double.ts';
import { hostName } from '../../test/support/host-name.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { err, ok } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import { CONNECTIONS_PER_HOST, MAX_ADDRESSES, probeHost, type Resolve } from './probe-host.ts';

/** TCP to a multicast group fails with ENETUNREACH in the system itself. */
const NO_TCP = '224.0.0.1';
const ROUTED = async (): Promise<boolean> => true;
const NOT_ROUTED = async (address: string): Promise<boolean> => address !== NO_TCP;

let healthy: TcpDouble;

beforeAll(async () => {
  healthy = await startDouble(answers(bindAckMessage()));
});

afterAll(() => healthy.close());

describe('over several addresses', () => {
  test('the best counts, and each is reported', async () => {
    const result = await probe({ resolve: finds('127.0.0.2', '127.0.0.1', NO_TCP) });

    expect(result).toMatchObject({
      host: 'kms01.corp.example.com',
      port: healthy.port,
      at: 1000,
      outcome: 'ok',
      detail: '127.0.0.1: accepts a bind to the KMS interface',
      addresses: [
        { address: '127.0.0.2', outcome: 'refused' },
        { address: '127.0.0.1', outcome: 'ok' },
        { address: NO_TCP, outcome: 'unreachable' },
      ],
      phases: { resolve: 0, connect: 0, bind: 0 },
    });
  });

  test('of several names, those that resolve are probed and the others counted as failing', async () => {
    const resolve: Resolve = async (name) =>
      name === 'gone'
        ? err({ reason: 'nxdomain', detail: 'gone does not exist in DNS' })
        : ok({ addresses: ['127.0.0.1'] });
    const result = await probe({ names: [hostName('gone'), hostName('kms')], resolve });

    expect(result).toMatchObject({
      outcome: 'ok',
      addresses: [
        { address: '127.0.0.1', outcome: 'ok' },
        { address: 'gone', outcome: 'unresolvable', detail: 'gone does not exist in DNS' },
      ],
    });
  });

  test('of equals the first counts', async () => {
    const result = await probe({ resolve: finds('127.0.0.3', '127.0.0.2') });

    expect(result).toMatchObject({ outcome: 'refused', detail: expect.stringMatching(/^127\.0\.0\.3: /) });
    expect(result?.phases).toEqual({ resolve: 0, connect: undefined, bind: undefined });
  });

  test('those without a route are left out', async () => {
    const result = await probe({ resolve: finds(NO_TCP, '127.0.0.1'), hasRoute: NOT_ROUTED });

    expect(result?.addresses.map(({ address }) => address)).toEqual(['127.0.0.1']);
    expect(result?.outcome).toBe('ok');
  });

  test('without any route the host is unreachable', async () => {
    const result = await probe({ resolve: finds(NO_TCP), hasRoute: NOT_ROUTED });

    expect(result).toMatchObject({
      outcome: 'unreachable',
      detail: 'this system has no route to 224.0.0.1',
      addresses: [],
    });
  });

  test('an address that comes twice is tried once, and no more than the limit', async () => {
    const many = Array.from({ length: MAX_ADDRESSES + 10 }, (_, index) => `127.0.1.${index + 1}`);

    const result = await probe({ resolve: finds('127.0.1.1', ...many) });

    expect(result?.addresses.map(({ address }) => address)).toEqual(many.slice(0, MAX_ADDRESSES));
  });

  test('only a given number of connections at once', async () => {
    let now = 0;
    let most = 0;
    const counting = async (): Promise<boolean> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      return true;
    };
    const groups = Array.from({ length: 20 }, (_, index) => `224.0.1.${index + 1}`);

    const result = await probe({ resolve: finds(...groups), hasRoute: counting });

    expect(result?.addresses).toHaveLength(20);
    expect(most).toBe(CONNECTIONS_PER_HOST);
  });
});

describe('the name', () => {
  test('that is an address is not looked up', async () => {
    const result = await probe({ host: hostName('127.0.0.1'), resolve: () => Promise.reject(new Error('asked')) });

    expect(result).toMatchObject({ outcome: 'ok', phases: { resolve: undefined } });
  });

  test.each([
    {
      name: 'gets no answer',
      outcome: 'lookup_failed',
      resolve: async () => err({ reason: 'servfail', detail: 'SERVFAIL from 10.0.0.53' }),
      detail: 'SERVFAIL from 10.0.0.53',
    },
    {
      name: 'does not exist',
      outcome: 'unresolvable',
      resolve: async () => err({ reason: 'nxdomain', detail: 'does not exist' }),
      detail: 'does not exist',
    },
    {
      name: 'has no address',
      outcome: 'unresolvable',
      resolve: finds(),
      detail: 'kms01.corp.example.com has no address',
    },
    {
      name: 'has names as addresses',
      outcome: 'unresolvable',
      resolve: finds('localhost'),
      detail: 'kms01.corp.example.com has no address',
    },
    {
      name: 'never comes',
      outcome: 'lookup_failed',
      resolve: () => new Promise<never>(() => {}),
      detail: 'no name server gave an address of kms01.corp.example.com within 100ms',
    },
  ])('$name: $outcome', async ({ resolve, outcome, detail }) => {
    const result = await probe({ resolve, timeout: millis(100) });

    expect(result).toMatchObject({ outcome, detail, addresses: [] });
    expect(result?.phases).toEqual({ resolve: 0, connect: undefined, bind: undefined });
  });

  test('of which one is denied and nothing is known of the other may have an address', async () => {
    const resolve: Resolve = async (name) =>
      err({ reason: name.startsWith('kms01') ? 'nxdomain' : 'refused', detail: name });
    const names = ['kms01.corp.example.com', 'kms.hq.test'].map(hostName);
    expect(await probe({ resolve, names })).toMatchObject({ outcome: 'lookup_failed', addresses: [] });
  });
});

test.each([
  { name: 'while it looks the name up', resolve: (() => new Promise<never>(() => {})) satisfies Resolve },
  { name: 'while it waits for an answer', resolve: finds('127.0.0.1') },
])('an abort $name leaves nothing to say', async ({ resolve }) => {
  const silent = await startDouble(() => {});
  const stop = new AbortController();
  const running = probe({ port: silent.port, resolve, signal: stop.signal });
  setTimeout(() => stop.abort(), 30);

  expect(await running).toBeUndefined();
  await silent.close();
});

function finds(...addresses: string[]): Resolve {
  return async () => ok({ addresses });
}

function probe(changes: Partial<Parameters<typeof probeHost>[0]>) {
  return probeHost({
    host: hostName('kms01.corp.example.com'),
    port: healthy.port,
    resolve: finds('127.0.0.1'),
    timeout: FOREVER,
    clock: manualClock(1000),
    signal: new AbortController().signal,
    hasRoute: ROUTED,
    ...changes,
  });
}
