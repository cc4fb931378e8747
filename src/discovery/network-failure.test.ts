import { expect, it } from 'vitest';
import type { Leg } from './leg.ts';
import { lookupFailure } from './network-failure.ts';

it.each([
  ['ECONNREFUSED', 'network', /^UDP 192\.0\.2\.1:53: nothing is listening .*: is a name server running there\?$/],
  ['EMFILE', 'other', /^this process has too many open files \(EMFILE\): raise its limit/],
  ['ENFILE', 'other', /^this system has too many open files \(ENFILE\): /],
])('%s is a failure of kind %s', (code, reason, detail) => {
  const leg = { address: '192.0.2.1', port: 53 } as Leg;
  const failure = lookupFailure(Object.assign(new Error(), { code }), 'UDP', leg);
  expect(failure).toEqual({ kind: 'failed', failure: { reason, detail: expect.stringMatching(detail) } });
});
