import { expect, it } from 'vitest';
import { err, ok } from '../../kernel/result.ts';
import { seconds } from '../../kernel/time.ts';
import { OverviewCache } from './overview-cache.ts';

const overview = (asOf: number) => ({ asOf: seconds(asOf), ends: [], products: [] });

/** A cache whose counts take so many milliseconds each, by a clock that only they and `wait` move. */
function cacheOf(cost: number) {
  let now = 0;
  let counts = 0;
  const count = async () => {
    now += cost;
    counts += 1;
    return ok(overview(counts));
  };
  const cache = new OverviewCache(count, () => now);
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { cache, wait, counts: () => counts };
}

it('asks once for all who wait, and again when its answer is old', async () => {
  const { cache, wait, counts } = cacheOf(5);
  const both = await Promise.all([cache.read(), cache.read()]);
  expect(both).toEqual([ok(overview(1)), ok(overview(1))]);
  wait(499);
  expect(await cache.read()).toEqual(ok(overview(1)));
  expect(counts()).toBe(1);
  wait(1);
  expect(await cache.read()).toEqual(ok(overview(2)));
});

it('gives the old answer at once where a new one takes long, and the new one then', async () => {
  const { cache, wait } = cacheOf(1000);
  await cache.read();
  wait(60_000);
  expect(await cache.read()).toEqual(ok(overview(1)));
  expect(await cache.read()).toEqual(ok(overview(2)));
});

it('does not keep a failure', async () => {
  const answers = [err({ reason: 'io', text: 'disk' } as const), ok(overview(1))];
  const cache = new OverviewCache(async () => answers.shift() ?? ok(overview(2)));
  expect((await cache.read()).ok).toBe(false);
  expect(await cache.read()).toEqual(ok(overview(1)));
});
