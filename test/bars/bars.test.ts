import { describe, expect, it } from 'vitest';
import { FAILURES } from '../../src/demo/fleet/failures.ts';
import { healthyPlan } from '../../src/demo/fleet/healthy-plan.ts';
import type { ClientTrouble, FleetPlan } from '../../src/demo/fleet/plan.ts';
import { HOUR_S } from '../../src/kernel/time.ts';
import { type Reported, type Run, runDays, runFailure, type Spell } from './measure.ts';

/**
 * `BARS=1` runs the measurement for docs/alerts.md, which takes half an hour. With `--update` it writes the results to
 * test/data/bars.json, and `npm run docs` puts them into the page. Otherwise it runs a small organisation for a short
 * time.
 */
const IS_LONG = process.env['BARS'] !== undefined;
const SCALE = IS_LONG
  ? { machines: 2000, days: 400, every: HOUR_S, day: 120, longest: 220, overDays: 60, file: 'bars.json' }
  : { machines: 200, days: 70, every: 4 * HOUR_S, day: 45, longest: 20, overDays: 10, file: 'bars-small.json' };
/** Those that a small organisation shows within the short time. */
const QUICK = [
  ...['hosts down', 'record lost', 'host not activated', 'key lost', 'log not shipped', 'wrong clock'],
  ...['host rebuilt', 'central host', 'old zone', 'golden image'],
];
const AN_HOUR = 3_600_000;
/** Days from a tenth of the machines being cut off to the first alert. */
const BRANCH_WITHIN = 16;

describe('a healthy organisation, and what can go wrong in it', () => {
  const plan = healthyPlan(SCALE.machines);
  const { day, every } = SCALE;
  let healthy: Run;
  let listed: Run;
  const failures: { name: string; reported: readonly Reported[]; listed: readonly Reported[] }[] = [];
  let branch: readonly Reported[];
  const moves: { sources: string; spells: readonly Spell[] }[] = [];

  it(
    'has nothing critical',
    () => {
      healthy = runDays(plan, SCALE.days, { every });
      expect(healthy.spells.filter(({ severity }) => severity === 'critical')).toEqual([]);
    },
    AN_HOUR,
  );

  it(
    'has nothing more if a list names its machines',
    () => {
      listed = runDays(plan, SCALE.days, { every, sources: { list: true } });
      expect(listed.spells.map(({ name }) => name)).not.toContain('KmsMachinesNotRenewing');
      expect(listed.spells).toEqual(healthy.spells);
    },
    AN_HOUR,
  );

  const watch = { day, every, longest: SCALE.longest };
  const withList = (failing: FleetPlan) =>
    runFailure(failing, { ...watch, anyway: listed.firing, sources: { list: true } });

  it.each(FAILURES.filter(({ name }) => IS_LONG || QUICK.includes(name)))(
    'reports it before users notice, and with a list no later: $name',
    ({ name, noticedAfter, apply }) => {
      const failing = apply(plan, day);
      const without = runFailure(failing, { ...watch, anyway: healthy.firing });
      const found = withList(failing);
      failures.push({ name, reported: without.map(rounded), listed: found.slice(0, 1).map(rounded) });
      expect(afterOf(without)).toBeLessThan(noticedAfter);
      expect(afterOf(found)).toBeLessThanOrEqual(afterOf(without));
    },
    AN_HOUR,
  );

  it(
    'reports a branch that is cut off, if a list shows it alive',
    () => {
      const machines = SCALE.machines / 10;
      branch = withList(withTrouble(plan, { kind: 'cut_off', machines, fromDay: day }, ['notebooks']));
      expect(afterOf(branch)).toBeLessThanOrEqual(BRANCH_WITHIN);
    },
    AN_HOUR,
  );

  it.each([
    { sources: 'told', list: true, words: true },
    { sources: 'listed', list: true },
    { sources: 'none', list: false },
  ])(
    'has no false alarm while it moves to the directory, with sources: $sources',
    ({ sources, list, words }) => {
      const moving = withTrouble(plan, { kind: 'moves', overDays: SCALE.overDays, fromDay: day });
      const sourcesOfMove = { list, words, migratingFromDay: day };
      const { spells } = runDays(moving, SCALE.days, { every, anyway: healthy.firing, sources: sourcesOfMove });
      moves.push({ sources, spells: spells.map(rounded) });
      expect(spells.filter(({ severity }) => severity === 'critical')).toEqual([]);
      expect(spells.filter(({ first }) => first < day)).toEqual([]);
    },
    AN_HOUR,
  );

  it('is what was written down, which the page of alerts tells of the long run', async () => {
    const { machines, days, overDays } = SCALE;
    const parts = { healthy: healthy.spells.map(rounded), failures };
    const bars = { machines, days, day, overDays, ...parts, branch: branch.map(rounded), moves };
    await expect(`${JSON.stringify(bars, null, 2)}\n`).toMatchFileSnapshot(`../data/${SCALE.file}`);
  });
});

/** Days from the cause to the first alert. */
function afterOf([first]: readonly Reported[]): number {
  return first?.after ?? Number.POSITIVE_INFINITY;
}

/** @param names of groups; default: all */
function withTrouble(plan: FleetPlan, trouble: ClientTrouble, names?: readonly string[]): FleetPlan {
  const groups = plan.groups.map((group) => (names?.includes(group.name) === false ? group : { ...group, trouble }));
  return { ...plan, groups };
}

/** To hours. */
function rounded<T extends Spell | Reported>(found: T): T {
  const hours = (days: number): number => Math.round(days * 24) / 24;
  const texts = Object.entries(found).map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(hours(value).toFixed(2)) : value,
  ]);
  return Object.fromEntries(texts);
}
