import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOBODYS, NOW, type RequestFacts, requestRecord, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, HOUR_S, seconds } from '../../kernel/time.ts';
import { readContext } from '../reading/read-context.ts';
import { Unactivated } from './unactivated.ts';

/** Of this many days, so that the log shows the count. */
function fleet(size: number, days: number): RequestFacts[] {
  return Array.from({ length: size }, (_, n) => ({
    ...{ client: 100 + n, recordId: n, machine: `ws${100 + n}.corp.test` },
    time: NOW - days * DAY_S + n * ((days * DAY_S) / size),
  }));
}

const GRACE = { status: 2 as const, minutes: 43_200 };

function isInVain(facts: RequestFacts, again: boolean, others: readonly RequestFacts[] = []): boolean {
  const newest = { ...GRACE, recordId: 1000, time: NOW - HOUR_S, ...facts };
  const { database } = new StoreInMemory().take(...others, newest);
  const context = readContext(database, DEFAULT_SETTINGS);
  const last = context.records.newest(10).find(({ recordId }) => recordId === requestRecord(newest).recordId);
  if (last === undefined) throw new Error('the request is not there');
  const told = new Unactivated({ ...context, now: seconds(NOW) });
  expect(told.asksInVain(last.no, last.pool, again)).toBe(told.isInVain(last, again));
  return told.isInVain(last, again);
}

test.each<[string, boolean, boolean]>([
  ['asked once at a host whose count nobody knows', false, isInVain({}, false)],
  ['asked again', true, isInVain({}, true)],
  ['says that it is in notification', true, isInVain({ status: 5, minutes: 0 }, false)],
  ['asked a host that counts 4 of 25', true, isInVain({}, false, fleet(4, 40))],
  ['asked a host that began days ago', false, isInVain({}, false, fleet(4, 4))],
  ['asked again for a product that nobody knows', false, isInVain({ activationId: NOBODYS, nPolicy: 5 }, true)],
])('a machine that is not activated and %s asks in vain: %s', (_, vain, found) => {
  expect(found).toBe(vain);
});
