import { describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/demo/fleet/failures.ts';
import { healthyPlan } from '../../src/demo/fleet/healthy-plan.ts';
import { HOUR_S } from '../../src/kernel/time.ts';
import { type HealthyRun, type Reported, runFailure, runHealthy, type Spell } from './measure.ts';

/**
 * `BARS=1` runs the measurement for docs/alerts.md, which takes some ten minutes. With `--update` it writes the
 * results to test/data/bars.json, and `npm run docs` puts them into the page. Otherwise it runs a small organisation
 * for a short time.
 */
const IS_LONG = process.env['BARS'] !== undefined;
const SCALE = IS_LONG
  ? { machines: 2000, days: 400, every: HOUR_S, day: 120, longest: 220, file: 'bars.json' }
  : { machines: 200, days: 70, every: 4 * HOUR_S, day: 45, longest: 20, file: 'bars-small.json' };
/** Those that a small organisation shows within the short time. */
const QUICK = [
  ...['hosts down', 'record lost', 'host not activated', 'key lost', 'log not shipped', 'wrong clock'],
  ...['host rebuilt', 'central host', 'old zone', 'golden image'],
];

describe('a healthy organisation, and what can go wrong in it', () => {
  const plan = healthyPlan(SCALE.machines);
  let healthy: HealthyRun;
  const found: { name: string; reported: readonly Reported[] }[] = [];

  it('has nothing critical', () => {
    healthy = runHealthy(plan, SCALE.days, SCALE.every);
    expect(healthy.spells.filter(({ severity }) => severity === 'critical')).toEqual([]);
  }, 3_600_000);

  it.each(FAILURES.filter(({ name }) => IS_LONG || QUICK.includes(name)))(
    'reports it before users notice: $name',
    (failure) => {
      const reported = runFailure(plan, failure, { healthy, ...SCALE });
      found.push({ name: failure.name, reported: reported.map(rounded) });
      expect(reported[0]?.after ?? Number.POSITIVE_INFINITY).toBeLessThan(failure.noticedAfter);
    },
    3_600_000,
  );

  it('is what was written down, which the page of alerts tells of the long run', async () => {
    const { machines, days, day } = SCALE;
    const bars = { machines, days, day, healthy: healthy.spells.map(rounded), failures: found };
    await expect(`${JSON.stringify(bars, null, 2)}\n`).toMatchFileSnapshot(`../data/${SCALE.file}`);
  });
});

/** To hours. */
function rounded<T extends Spell | Reported>(found: T): T {
  const hours = (days: number): number => Math.round(days * 24) / 24;
  const texts = Object.entries(found).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(hours(value).toFixed(2)) : value,
  ]);
  return Object.fromEntries(texts);
}
