import { expect, test } from 'vitest';
import { hostName } from '../../../test/support/host-name.ts';
import { readBatch } from './read-batch.ts';

const EVENT = {
  eventId: '12290',
  provider: 'Microsoft-Windows-Security-SPP',
  channel: 'Key Management Service',
  recordId: '7',
  time: '2026-11-24T07:00:00.000000000Z',
  data: [
    '0x0,0,PC-001.corp.example.com,11111111-2222-3333-4444-555555555555,2026/11/24 06:59,1,1,43200,2de67392-b7a7-462a-b1ca-108dd189f588,25',
  ],
  message: undefined,
};

test.each(['KMS-BÜRO', '', undefined, 'former.name'])('a record is its host\'s, also where it says "%s"', (host) => {
  const batch = readBatch(hostName('kms01.corp.example.com'), [{ ...EVENT, host }]);

  expect(batch.unread).toEqual({ ignored: 0, rejected: 0 });
  expect(batch.records).toMatchObject([{ host: 'kms01.corp.example.com', recordId: 7 }]);
});
