import { describe, expect, test } from 'vitest';
import { ACCEPTED, bindAck, bindNak, fault, UNKNOWN_INTERFACE } from '../../src/demo/bind-answers.ts';
import { encodeBind, KMS_INTERFACE, NDR, NDR64 } from '../../src/probe/pdu.ts';
import { bindAckMessage } from '../doubles/rpc-answers.ts';
import { dissect, hasTshark } from '../peers/tshark.ts';

const BIND = 'Bind: call_id: 1, Fragment: Single, 1 context items: 51c82175-844e-4750-b0d8-ec255555bc06 V1.0';
const BIND_ACK = 'Bind_ack: call_id: 1, Fragment: Single, max_xmit: 5840 max_recv: 5840, 1 results:';

describe.skipIf(!hasTshark())('Wireshark (tshark)', () => {
  test('reads each of our messages as it is meant', () => {
    const messages = {
      [`72||${BIND} (32bit NDR)`]: encodeBind(KMS_INTERFACE, NDR),
      [`72||${BIND} (64bit NDR)`]: encodeBind(KMS_INTERFACE, NDR64),
      [`60||${BIND_ACK} Acceptance`]: bindAck(1688, ACCEPTED),
      [`60||${BIND_ACK} Provider rejection`]: bindAck(49152, UNKNOWN_INTERFACE),
      '21||Bind_nak: call_id: 1, Fragment: Single reason: Local limit exceeded': bindNak(2),
      '32||Fault: call_id: 1, Fragment: Single, Ctx: 0, status: nca_s_fault_access_denied': fault(5),
    };

    expect(dissect(Object.values(messages))).toEqual(Object.keys(messages));
  });

  test('reads the big-endian answer of the doubles', () => {
    const [line] = dissect([bindAckMessage({ representation: 0 })]);

    expect(line).toBe(`60||${BIND_ACK} Acceptance`);
  });
});
