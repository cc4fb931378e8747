import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  EVENT_LOG,
  enumerateBody,
  IDENTIFY,
  postWsman,
  pullBody,
  subscribeBody,
  wsmanEnvelope,
} from '../../../test/support/wsman.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';

let host: WindowsHost;

beforeAll(async () => {
  host = await startWindowsHost({ name: 'kms01.corp.example' });
});
afterAll(() => host.close());

const SEEDS = [
  IDENTIFY,
  wsmanEnvelope({
    action: 'Enumerate',
    body: enumerateBody("SELECT * FROM Win32_NTLogEvent WHERE Logfile='X' AND EventCode=1"),
  }),
  wsmanEnvelope({ action: 'Pull', body: pullBody('uuid:1') }),
  wsmanEnvelope({ action: 'Pull', resource: EVENT_LOG, body: pullBody('uuid:1') }),
  wsmanEnvelope({
    action: 'Subscribe',
    resource: EVENT_LOG,
    body: subscribeBody({ queries: { Application: '*[System[EventID=1]]' } }),
  }),
  wsmanEnvelope({ action: 'Unsubscribe', resource: EVENT_LOG, header: '<e:Identifier>1</e:Identifier>', body: '' }),
];

/** A sound message with a stretch of it cut out, doubled or replaced. */
const damaged = fc
  .record({
    seed: fc.constantFrom(...SEEDS),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 60 }),
    piece: fc.oneof(fc.constantFrom('', '<', '&', '<x/>', '<!DOCTYPE a>', '\u0000', '99999999999'), fc.string()),
    isDoubled: fc.boolean(),
  })
  .map(({ seed, at, length, piece, isDoubled }) => {
    const start = Math.floor(at * seed.length);
    const cut = seed.slice(start, start + length);
    return `${seed.slice(0, start)}${piece}${isDoubled ? cut + cut : ''}${seed.slice(start + length)}`;
  });

test('whatever comes is answered by a sound envelope, at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, fc.string()), async (text) => {
      const answer = await postWsman(host.url, text, {}, AbortSignal.timeout(5000));

      expect([200, 500]).toContain(answer.status);
      expect(answer.body?.name).toMatch(/Response$|^Fault$/);
    }),
    { numRuns: 400 },
  );
});
