import { expect, it } from 'vitest';
import { type Seconds, seconds } from '../kernel/time.ts';
import { type Count, LatestCount } from './latest-count.ts';

/** A thread that counts how often it was asked, and a writer whose version and clock are set by hand. */
function counting() {
  const thread = { asked: 0, version: 1, now: seconds(1000), counts: undefined as number | undefined };
  const count = async (): Promise<Count<{ asOf: Seconds }>> => {
    thread.asked += 1;
    return { value: { asOf: thread.now }, version: thread.counts ?? thread.version };
  };
  const latest = new LatestCount({ count, version: () => thread.version, now: () => thread.now });
  return { thread, latest };
}

it('asks once while nothing changes, within a minute', async () => {
  const { thread, latest } = counting();
  for (const now of [1000, 1030, 1059]) {
    thread.now = seconds(now);
    await latest.renew();
  }
  expect([thread.asked, latest.value]).toEqual([1, { asOf: 1000 }]);
});

it.each([
  ['a minute has passed', { now: seconds(1060) }],
  ['the clock was set back', { now: seconds(999) }],
  ['something has changed', { version: 2 }],
])('asks again when %s', async (_what, change) => {
  const { thread, latest } = counting();
  await latest.renew();
  Object.assign(thread, change);
  await latest.renew();
  expect([thread.asked, latest.value]).toEqual([2, { asOf: thread.now }]);
});

it('asks again as long as it hears what was counted before the newest change', async () => {
  const { thread, latest } = counting();
  thread.version = 2;
  thread.counts = 1;
  await latest.renew();
  await latest.renew();
  thread.counts = 2;
  await latest.renew();
  await latest.renew();
  expect(thread.asked).toBe(3);
});

it('asks once for all who wait', async () => {
  const { thread, latest } = counting();
  await Promise.all([latest.renew(), latest.renew()]);
  expect(thread.asked).toBe(1);
});

it('keeps the last count if nobody can count now', async () => {
  let value: Count<{ asOf: Seconds }> | undefined = { value: { asOf: seconds(1000) }, version: undefined };
  const latest = new LatestCount({ count: async () => value, version: () => 1, now: () => seconds(1000) });
  await latest.renew();
  value = undefined;
  await latest.renew();
  expect(latest.value).toEqual({ asOf: 1000 });
});
