import type { OpenCondition } from '../../src/conditions/condition.ts';
import { keyOf } from '../../src/conditions/open-conditions.ts';
import type { Failure } from '../../src/demo/fleet/failures.ts';
import type { FleetPlan } from '../../src/demo/fleet/plan.ts';
import { DAY } from '../../src/demo/fleet/seconds.ts';
import { fleetOf } from '../support/fleet.ts';
import { WatchedFleet } from './watched-fleet.ts';

/** The alerts, and their subjects, over a period in which nothing is wrong. */
export interface Spell {
  readonly name: string;
  readonly severity: string;
  readonly subject: Readonly<Record<string, string>>;
  /** Days since the start on which it began to fire for the first time. */
  first: number;
  /** In all. */
  days: number;
  spells: number;
}

export interface HealthyRun {
  readonly spells: readonly Spell[];
  /** The alerts that fired, by look. */
  readonly firing: ReadonlyMap<number, ReadonlySet<string>>;
}

export interface Reported {
  readonly name: string;
  readonly severity: string;
  /** Days from the cause. */
  readonly after: number;
}

const SEED = 'bars';

/** @param every seconds between two looks */
export function runHealthy(plan: FleetPlan, days: number, every: number): HealthyRun {
  const watched = new WatchedFleet(fleetOf(plan, SEED));
  const spells = new Map<string, Spell>();
  const firing = new Map<number, ReadonlySet<string>>();
  let before: ReadonlySet<string> = new Set();
  for (let look = 1; look * every <= days * DAY; look++) {
    const open = watched.look(every);
    const now = new Set(open.map(keyOf));
    for (const condition of open) count(spells, condition, watched.day, every, before);
    firing.set(look, now);
    before = now;
  }
  return { spells: [...spells.values()], firing };
}

function count(
  spells: Map<string, Spell>,
  condition: OpenCondition,
  day: number,
  every: number,
  before: ReadonlySet<string>,
): void {
  const { name, severity, subject } = condition;
  const key = keyOf(condition);
  const spell = spells.get(key) ?? { name, severity, subject, first: day, days: 0, spells: 0 };
  spell.days += every / DAY;
  if (!before.has(key)) spell.spells += 1;
  spells.set(key, spell);
}

/** How long before the cause the estate is looked at: longer than any hold. */
const BEFORE = 2;
/** After the first word, more causes show. */
const AND_THEN = 3;

/**
 * Lets something go wrong in a healthy organisation.
 * @param day on which it happens
 * @param longest days for which it is watched at most
 * @returns the alerts from then on that do not fire in the healthy organisation, each name once
 */
export function runFailure(
  plan: FleetPlan,
  failure: Failure,
  { healthy, day, every, longest }: { healthy: HealthyRun; day: number; every: number; longest: number },
): readonly Reported[] {
  const watched = new WatchedFleet(fleetOf(failure.apply(plan, day), SEED));
  for (let skipped = 0; skipped < day - BEFORE; skipped++) watched.skip(DAY);
  const reported = new Map<string, Reported>();
  while (watched.day < day + longest) {
    const open = watched.look(every);
    if (watched.day <= day) continue;
    const known = healthy.firing.get(Math.round((watched.day * DAY) / every)) ?? new Set();
    for (const condition of open) {
      const { name, severity } = condition;
      const key = `${severity} ${name}`;
      if (!known.has(keyOf(condition)) && !reported.has(key)) {
        reported.set(key, { name, severity, after: watched.day - day });
      }
    }
    const [first] = reported.values();
    if (first !== undefined && watched.day > day + first.after + AND_THEN) break;
  }
  return [...reported.values()];
}
