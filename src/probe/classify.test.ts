import { describe, expect, test } from 'vitest';
import { millis } from '../kernel/time.ts';
import type { Answer } from './answer.ts';
import { classify, wantsOtherTransferSyntax } from './classify.ts';

describe('an answer to a bind', () => {
  const cases: readonly { answer: Answer; outcome: string; detail: string }[] = [
    { answer: ack(0, 0), outcome: 'ok', detail: 'accepts a bind to the KMS interface' },
    { answer: ack(0, 1), outcome: 'ok', detail: 'accepts a bind to the KMS interface' },
    { answer: ack(2, 1), outcome: 'not_kms', detail: 'an RPC service without the KMS interface' },
    { answer: ack(1, 1), outcome: 'not_kms', detail: 'an RPC service without the KMS interface' },
    {
      answer: ack(2, 2),
      outcome: 'error',
      detail: unexpected('has the KMS interface, but supports neither NDR 2.0 nor NDR64'),
    },
    { answer: ack(2, 3), outcome: 'busy', detail: 'refuses the bind: local limit exceeded' },
    { answer: ack(2, 0), outcome: 'error', detail: unexpected('a bind_ack with result 2 and reason 0') },
    { answer: ack(3, 1), outcome: 'error', detail: unexpected('a bind_ack with result 3 and reason 1') },
    { answer: nak(0), outcome: 'error', detail: unexpected('a bind_nak with reason 0') },
    { answer: nak(1), outcome: 'busy', detail: 'refuses the bind: temporary congestion' },
    { answer: nak(2), outcome: 'busy', detail: 'refuses the bind: local limit exceeded' },
    { answer: nak(4), outcome: 'not_kms', detail: 'an RPC service that does not support version 5.0' },
    { answer: nak(8), outcome: 'denied', detail: 'refuses the bind: requires authentication' },
    { answer: nak(9), outcome: 'error', detail: unexpected('a bind_nak with reason 9') },
    { answer: fault(5), outcome: 'denied', detail: 'refuses the bind: access denied' },
    { answer: fault(0x1c010014), outcome: 'busy', detail: 'refuses the bind: server too busy' },
    {
      answer: fault(0x1c010003),
      outcome: 'not_kms',
      detail: 'an RPC service without the KMS interface (unknown interface)',
    },
    { answer: fault(0x1c01000b), outcome: 'error', detail: unexpected('a fault with status 0x1c01000b') },
    { answer: { kind: 'not_rpc', detail: 'answers with SSH' }, outcome: 'not_rpc', detail: 'answers with SSH' },
    { answer: { kind: 'broken', detail: 'this' }, outcome: 'error', detail: unexpected('this') },
  ];

  test.each(cases)('$answer', ({ answer, outcome, detail }) => {
    expect(classify({ kind: 'answer', answer }, millis(5000))).toEqual({ outcome, detail });
  });
});

describe('no answer', () => {
  test.each([
    { end: { kind: 'silent', octets: 0 }, outcome: 'silent', detail: 'connected, but no answer within 5s' },
    {
      end: { kind: 'silent', octets: 1 },
      outcome: 'silent',
      detail: 'connected, but only 1 byte of an answer within 5s',
    },
    {
      end: { kind: 'silent', octets: 9 },
      outcome: 'silent',
      detail: 'connected, but only 9 bytes of an answer within 5s',
    },
    {
      end: { kind: 'closed', octets: 0 },
      outcome: 'closed',
      detail: 'connected, but the peer closed with no answer',
    },
    { end: { kind: 'no_connection' }, outcome: 'filtered', detail: 'no answer to the connection attempt within 5s' },
    { end: failed('ETIMEDOUT'), outcome: 'filtered', detail: 'no answer to the connection attempt (ETIMEDOUT)' },
    {
      end: failed('ECONNREFUSED'),
      outcome: 'refused',
      detail: 'nothing is listening on the port, or a firewall rejects the connection (ECONNREFUSED)',
    },
    ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EACCES', 'EPERM'].map((code) => ({
      end: failed(code),
      outcome: 'unreachable',
      detail: expect.stringContaining(`(${code})`),
    })),
    ...['EMFILE', 'ENFILE', 'EADDRNOTAVAIL'].map((code) => ({
      end: failed(code),
      outcome: 'error',
      detail: expect.stringMatching(`^this .*\\(${code}\\)`),
      isOwnFault: code === 'EADDRNOTAVAIL' ? undefined : true,
    })),
    { end: failed('EINVAL'), outcome: 'error', detail: 'the connection failed (EINVAL)' },
  ] as const)('$end', ({ end, outcome, detail, ...fault }) => {
    expect(classify(end, millis(5000))).toEqual({ outcome, detail, ...fault });
  });
});

test.each([
  [ack(2, 2), true],
  [ack(1, 2), true],
  [ack(2, 1), false],
  [ack(0, 2), false],
  [nak(2), false],
] as const)('%o is asked again with NDR64: %o', (answer, again) => {
  expect(wantsOtherTransferSyntax(answer)).toBe(again);
});

function ack(result: number, reason: number): Answer {
  return { kind: 'bind_ack', result, reason };
}

function nak(reason: number): Answer {
  return { kind: 'bind_nak', reason };
}

function fault(status: number): Answer {
  return { kind: 'fault', status };
}

function failed(code: string) {
  return { kind: 'failed', code } as const;
}

function unexpected(what: string): string {
  return `an RPC service with an unexpected answer: ${what}`;
}
