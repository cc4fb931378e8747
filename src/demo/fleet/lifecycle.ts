import { DAY_S } from '../../kernel/time.ts';
import { lastOn, type Rhythm, whenOn, type YearlyHoliday } from './calendar.ts';
import { type ClientTrouble, type GroupPlan, isDuring, type Upgrade } from './plan.ts';
import type { ProductName } from './products.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What never happens happens then. */
export const NEVER = Number.POSITIVE_INFINITY;

const YEAR = 365 * DAY_S;
/** It takes as long to set a whole group up again from an image. */
const CLONED_WITHIN = 7 * DAY_S;

/** What is the same for a whole fleet. */
export interface Circumstances {
  /** Day 0 of its plan, seconds since the epoch. */
  readonly start: number;
  readonly holiday: YearlyHoliday;
}

/** When a plan's events come to one place of a group. Times are in seconds since the epoch. */
export class Lifecycle {
  readonly #group: GroupPlan;
  readonly #index: number;
  readonly #start: number;
  readonly #habits: { readonly rhythm: Rhythm; readonly holiday: YearlyHoliday };
  readonly #random: SeededRandom;
  /** For what the plan says of single days, so that a trouble changes nothing before it begins. */
  readonly #fate: SeededRandom;
  /** When the directory begins to activate the machine, and each that follows it. */
  readonly movesAt: number;

  constructor(group: GroupPlan, index: number, { start, holiday }: Circumstances, random: SeededRandom) {
    this.#group = group;
    this.#index = index;
    this.#start = start;
    this.#habits = { rhythm: group.rhythm, holiday };
    this.#random = random;
    this.#fate = random.fork('fate');
    const { trouble } = group;
    this.movesAt =
      trouble?.kind === 'moves' ? this.#timeOf(trouble.fromDay) + this.#fate.int(trouble.overDays * DAY_S) : NEVER;
  }

  /** The last time up to a time at which a machine was on. @param arrives seconds after midnight at which it is switched on */
  lastOn(arrives: number, time: number): number {
    return lastOn(time, arrives, this.#habits);
  }

  /** When a machine is on, from a time on. @param arrives seconds after midnight at which it is switched on */
  whenOn(arrives: number, due: number, random = this.#random): number {
    return due === NEVER ? NEVER : whenOn(due, arrives, this.#habits, random);
  }

  /** What is wrong with the machine at a time. */
  troubleAt(time: number): ClientTrouble | undefined {
    const { trouble } = this.#group;
    if (trouble?.kind === 'leaves' && this.#index < trouble.remain) return undefined;
    if (trouble?.kind === 'cut_off' && this.#index >= (trouble.machines ?? Number.POSITIVE_INFINITY)) return undefined;
    return isDuring(trouble, (time - this.#start) / DAY_S) ? trouble : undefined;
  }

  /** When the group's trouble is over. */
  get troubleEnds(): number {
    return this.#timeOf(this.#group.trouble?.toDay);
  }

  /** When a machine that is set up now is gone. */
  goneAfter(now: number): number {
    const { yearlyChurn = 0, trouble } = this.#group;
    const until = now + this.#rare(yearlyChurn);
    if (trouble?.kind !== 'leaves' || this.#index < trouble.remain) return until;
    const leaves = this.#timeOf(trouble.fromDay) + this.#fate.int(trouble.overDays * DAY_S);
    return leaves >= now ? Math.min(until, leaves) : until;
  }

  /** When a machine is set up again. */
  imagedAfter(arrives: number, now: number): number {
    const { newEveryDay, yearlyReimages = 0, trouble } = this.#group;
    if (newEveryDay) return this.whenOn(arrives, (Math.floor(now / DAY_S) + 1) * DAY_S);
    const planned = this.whenOn(arrives, now + this.#rare(yearlyReimages));
    if (trouble?.kind !== 'cloned') return planned;
    const cloned = this.#timeOf(trouble.fromDay) + this.#fate.int(CLONED_WITHIN);
    return cloned > now ? Math.min(planned, this.whenOn(arrives, cloned, this.#fate)) : planned;
  }

  /** When a product is replaced by its successor. */
  upgradedAfter(product: ProductName, arrives: number, now: number): number {
    const upgrade = this.#upgradeOf(product);
    if (upgrade === undefined || this.#timeOf(upgrade.fromDay) <= now) return NEVER;
    const due = this.#timeOf(upgrade.fromDay) + this.#fate.int(upgrade.overDays * DAY_S);
    return this.whenOn(arrives, due, this.#fate);
  }

  /** What the others have, or are about to be upgraded to, at a time. */
  currentOf(product: ProductName, time: number): ProductName {
    const upgrade = this.#upgradeOf(product);
    return upgrade !== undefined && this.#timeOf(upgrade.fromDay) <= time ? upgrade.to : product;
  }

  #upgradeOf(product: ProductName): Upgrade | undefined {
    return this.#group.upgrades?.find(({ from }) => from === product);
  }

  /** Seconds until something happens that happens to this share of machines in a year. */
  #rare(yearly: number): number {
    return yearly === 0 ? NEVER : Math.ceil((-Math.log(1 - this.#random.unit()) * YEAR) / yearly);
  }

  #timeOf(day: number | undefined): number {
    return day === undefined ? NEVER : this.#start + day * DAY_S;
  }
}
