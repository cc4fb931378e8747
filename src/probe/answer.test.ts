import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindAckMessage, bindNakMessage, faultMessage, rpcMessage } from '../../test/doubles/rpc-answers.ts';
import { readAnswer } from './answer.ts';
import { encodeBind, KMS_INTERFACE, NDR } from './pdu.ts';

const BIG = { representation: 0x00 };

describe('an answer is read', () => {
  test.each([
    { name: 'bind_ack', octets: bindAckMessage(), answer: { kind: 'bind_ack', result: 0, reason: 0 } },
    {
      name: 'bind_ack, big-endian',
      octets: bindAckMessage({ ...BIG, result: 2, reason: 1 }),
      answer: { kind: 'bind_ack', result: 2, reason: 1 },
    },
    ...['', '1', '16', '168', '1688', '49152'].map((secondaryAddress) => ({
      name: `bind_ack with the secondary address '${secondaryAddress}'`,
      octets: bindAckMessage({ secondaryAddress, result: 2, reason: 3 }),
      answer: { kind: 'bind_ack', result: 2, reason: 3 },
    })),
    {
      name: 'bind_ack without a secondary address',
      octets: bindAckMessage({ secondaryAddress: undefined, result: 2, reason: 3 }),
      answer: { kind: 'bind_ack', result: 2, reason: 3 },
    },
    { name: 'bind_nak', octets: bindNakMessage(4), answer: { kind: 'bind_nak', reason: 4 } },
    { name: 'bind_nak, big-endian', octets: bindNakMessage(4, BIG), answer: { kind: 'bind_nak', reason: 4 } },
    {
      name: 'bind_nak without protocol versions',
      octets: rpcMessage(13, Buffer.from([2, 0])),
      answer: { kind: 'bind_nak', reason: 2 },
    },
    { name: 'fault', octets: faultMessage(0x1c010014), answer: { kind: 'fault', status: 0x1c010014 } },
    { name: 'fault, big-endian', octets: faultMessage(5, BIG), answer: { kind: 'fault', status: 5 } },
    {
      name: 'bind_ack with flags that do not matter',
      octets: bindAckMessage({ flags: 0x07 }),
      answer: { kind: 'bind_ack', result: 0, reason: 0 },
    },
    {
      name: 'bind_ack of a machine with EBCDIC',
      octets: bindAckMessage({ representation: 0x11 }),
      answer: { kind: 'bind_ack', result: 0, reason: 0 },
    },
    {
      name: 'a message with octets after it',
      octets: Buffer.concat([bindAckMessage(), Buffer.alloc(7000, 0xff)]),
      answer: { kind: 'bind_ack', result: 0, reason: 0 },
    },
  ])('$name', ({ octets, answer }) => {
    expect(readAnswer(octets)).toEqual(answer);
  });

  test('the genuine layout has 60 octets', () => {
    expect(bindAckMessage()).toHaveLength(60);
  });
});

describe('what is not RPC is known by its first octets', () => {
  test.each([
    { octets: Buffer.from('H'), detail: 'not DCE/RPC: the first byte is 48, not 05' },
    { octets: Buffer.from('HTTP/1.1 400'), detail: 'answers with HTTP' },
    { octets: Buffer.from('SSH-2.0'), detail: 'answers with SSH' },
    { octets: Buffer.from([0x15, 3, 3]), detail: 'answers with a TLS alert' },
    { octets: Buffer.from([0]), detail: 'not DCE/RPC: the first byte is 00, not 05' },
    { octets: Buffer.from([5, 1]), detail: 'DCE/RPC starts with 05 00, this starts with 05 01' },
    { octets: Buffer.from([5, 0, 0]), detail: 'not a message that answers a bind (type 0)' },
    { octets: Buffer.from([5, 0, 15]), detail: 'not a message that answers a bind (type 15)' },
    { octets: encodeBind(KMS_INTERFACE, NDR), detail: 'echoes the request' },
  ])('$detail', ({ octets, detail }) => {
    expect(readAnswer(octets)).toEqual({ kind: 'not_rpc', detail });
  });
});

describe('what breaks the rules is named', () => {
  test.each([
    { octets: bindAckMessage({ fragLength: 15 }), detail: 'frag_length 15 is shorter than the header' },
    { octets: bindAckMessage({ fragLength: 0 }), detail: 'frag_length 0 is shorter than the header' },
    {
      octets: bindAckMessage({ fragLength: 5841 }),
      detail: 'frag_length 5841 is more than the 5840 bytes offered',
    },
    { octets: bindAckMessage({ flags: 0x01 }), detail: 'an answer in several fragments' },
    { octets: bindAckMessage({ flags: 0x02 }), detail: 'an answer in several fragments' },
    { octets: bindAckMessage({ authLength: 8 }), detail: 'authentication data in an answer to an anonymous bind' },
    { octets: bindAckMessage({ callId: 7 }), detail: 'an answer to call 7, but the bind was call 1' },
    { octets: bindAckMessage({ representation: 0x20 }), detail: 'an unknown byte order (2)' },
    { octets: bindAckMessage({ results: 0 }), detail: '0 results for one context' },
    { octets: bindAckMessage({ results: 3 }), detail: '3 results for one context' },
    {
      octets: rpcMessage(12, bindAckMessage().subarray(16, -1)),
      detail: 'the message ends too early: needs 20 bytes at 40, has 19',
    },
    { octets: rpcMessage(13, Buffer.alloc(1)), detail: 'the message ends too early: needs 2 bytes at 16, has 1' },
    { octets: rpcMessage(3, Buffer.alloc(8)), detail: 'the message ends too early: needs 4 bytes at 24, has 0' },
    {
      octets: rpcMessage(12, Buffer.from('d016d01600000000ffff', 'hex')),
      detail: 'the message ends too early: needs 65535 bytes at 26, has 0',
    },
  ])('$detail', ({ octets, detail }) => {
    expect(readAnswer(octets)).toEqual({ kind: 'broken', detail });
  });
});

describe('whatever comes', () => {
  const genuine = fc.constantFrom(
    bindAckMessage(),
    bindAckMessage({ ...BIG, result: 2, reason: 1 }),
    bindNakMessage(2),
    faultMessage(5),
    faultMessage(5, BIG),
  );
  const mutated = fc
    .tuple(genuine, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }), fc.uint8Array({ maxLength: 20 }))
    .map(([message, changes, more]) => {
      const octets = Buffer.concat([message, more]);
      for (const [at, value] of changes) octets[at % octets.length] = value;
      return octets;
    });
  const anything = fc.oneof(fc.uint8Array({ maxLength: 7000 }), mutated, genuine);

  test('it does not throw', () => {
    fc.assert(
      fc.property(anything, (octets) => {
        expect(() => readAnswer(octets)).not.toThrow();
      }),
      { numRuns: 3000 },
    );
  });

  test('pieces change nothing: a part gives nothing yet, or what the whole gives', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, genuine), (octets) => {
        const whole = readAnswer(octets);
        for (let length = 0; length < octets.length; length += 1) {
          const part = readAnswer(octets.subarray(0, length));
          // The words for a stranger become better with more octets.
          if (part?.kind === 'not_rpc') expect(whole?.kind).toBe('not_rpc');
          else if (part !== undefined) expect(part).toEqual(whole);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('it allocates nothing in proportion to the numbers in it', () => {
    const huge = rpcMessage(12, Buffer.from('ffffffffffffffffffff', 'hex'), { fragLength: 5840 });
    const before = process.memoryUsage().arrayBuffers;

    for (let round = 0; round < 20_000; round += 1) readAnswer(huge);

    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});
