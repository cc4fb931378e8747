import type { OpenCondition } from '../../src/conditions/condition.ts';
import { keyOf } from '../../src/conditions/open-conditions.ts';
import type { FleetPlan } from '../../src/demo/fleet/plan.ts';
import { DAY_S } from '../../src/kernel/time.ts';
import { fleetOf } from '../support/fleet.ts';
import { NO_SOURCES, type Sources, WatchedFleet } from './watched-fleet.ts';

/** The alerts, and their subjects, over a period. */
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

/** The alerts that fired, by the seconds since the start. */
export type Firing = ReadonlyMap<number, ReadonlySet<string>>;

export interface Run {
  readonly spells: readonly Spell[];
  readonly firing: Firing;
}

export interface Reported {
  readonly name: string;
  readonly severity: string;
  /** Days from the cause. */
  readonly after: number;
}

interface Watch {
  /** Seconds between two looks. */
  readonly every: number;
  readonly sources?: Sources;
  /** What fires anyway is left out. */
  readonly anyway?: Firing | undefined;
}

const SEED = 'bars';

/** Watches an organisation from its start. */
export function runDays(plan: FleetPlan, days: number, { every, sources = NO_SOURCES, anyway }: Watch): Run {
  const watched = new WatchedFleet(fleetOf(plan, SEED), sources);
  const spells = new Map<string, Spell>();
  const firing = new Map<number, ReadonlySet<string>>();
  let before: ReadonlySet<string> = new Set();
  for (let time = every; time <= days * DAY_S; time += every) {
    const known = anyway?.get(time);
    const open = watched.look(every).filter((condition) => known?.has(keyOf(condition)) !== true);
    const now = new Set(open.map(keyOf));
    for (const condition of open) count(spells, condition, watched.day, every, before);
    firing.set(time, now);
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
  spell.days += every / DAY_S;
  if (!before.has(key)) spell.spells += 1;
  spells.set(key, spell);
}

/** How long before the cause the estate is looked at: longer than any hold. */
const BEFORE = 2;
/** After the first word, more causes show. */
const AND_THEN = 3;

/**
 * Watches an organisation in which something goes wrong.
 * @param day on which it happens
 * @param longest days for which it is watched at most
 * @returns the alerts from then on that do not fire anyway, each name once
 */
export function runFailure(
  plan: FleetPlan,
  { day, longest, every, sources = NO_SOURCES, anyway }: Watch & { readonly day: number; readonly longest: number },
): readonly Reported[] {
  const watched = new WatchedFleet(fleetOf(plan, SEED), sources);
  for (let skipped = 0; skipped < day - BEFORE; skipped++) watched.skip(DAY_S);
  const reported = new Map<string, Reported>();
  while (watched.day < day + longest) {
    const open = watched.look(every);
    if (watched.day <= day) continue;
    const known = anyway?.get(Math.round(watched.day * DAY_S));
    for (const condition of open) {
      const { name, severity } = condition;
      const key = `${severity} ${name}`;
      if (known?.has(keyOf(condition)) !== true && !reported.has(key)) {
        reported.set(key, { name, severity, after: watched.day - day });
      }
    }
    const [first] = reported.values();
    if (first !== undefined && watched.day > day + first.after + AND_THEN) break;
  }
  return [...reported.values()];
}
