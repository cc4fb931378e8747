import { expect, it } from 'vitest';
import { err, ok } from '../../kernel/result.ts';
import { seconds } from '../../kernel/time.ts';
import { OverviewCache } from './overview-cache.ts';

const overview = (asOf: number) => ({ asOf: seconds(asOf), ends: [], products: [] });

it('asks once for all who wait, and again when its answer is old', async () => {
  let asked = 0;
  const cache = new OverviewCache(async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return ok(overview(asked));
  });
  const both = await Promise.all([cache.read(), cache.read()]);
  expect(both).toEqual([ok(overview(1)), ok(overview(1))]);
  expect(await cache.read()).toEqual(ok(overview(1)));
  expect(asked).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await cache.read()).toEqual(ok(overview(2)));
});

it('does not keep a failure', async () => {
  const answers = [err({ reason: 'io', text: 'disk' } as const), ok(overview(1))];
  const cache = new OverviewCache(async () => answers.shift() ?? ok(overview(2)));
  expect((await cache.read()).ok).toBe(false);
  expect(await cache.read()).toEqual(ok(overview(1)));
});
