import type { EventRecord } from '../../src/activations/types.ts';
import { type LogRecord, requestData } from '../../src/demo/fleet/log-record.ts';
import { rfc3339OfSeconds, seconds } from '../../src/kernel/time.ts';
import { hostName } from '../support/host-name.ts';

const CLIENTS = 500;

/** The n-th record of a host whose clients ask in turn, one a second from a time on. */
export function syntheticRecord(n: number, epoch: number, clients = CLIENTS): EventRecord {
  const client = n % clients;
  return {
    host: hostName('kms01.corp.test'),
    log: 'kms',
    recordId: n,
    time: seconds(epoch + n),
    body: {
      kind: 'request',
      hresult: n % 41 === 0 ? 0xc004f06c : 0,
      nPolicy: 25,
      machine: `ws${client}.corp.test`,
      clientId: `c0000000-0000-4000-8000-${client.toString(16).padStart(12, '0')}`,
      clientTime: seconds(epoch + n),
      virtual: client % 3 === 0,
      status: 1,
      minutes: 250_000,
      activationId: '2de67392-b7a7-462a-b1ca-108dd189f588',
    },
  };
}

/** The same as a line of the agent's own form. */
export function syntheticLine(n: number, epoch: number, clients = CLIENTS): string {
  const { host, recordId, time, body } = syntheticRecord(n, epoch, clients);
  if (body.kind !== 'request') return '';
  const record: LogRecord = {
    host,
    channel: 'Key Management Service',
    record_id: recordId,
    time: rfc3339OfSeconds(time),
    event_id: 12290,
    data: requestData({ ...body, clientTime: body.clientTime ?? time }),
  };
  return `${JSON.stringify(record)}\n`;
}
