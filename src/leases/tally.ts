import { DAY_S } from '../kernel/time.ts';
import { ageOf } from './expiry.ts';
import { COUNTED_STATES, type CountedState, type LeaseSettings } from './types.ts';

/** Days that `kms_leases_expiring` looks ahead, each including those before. */
export const EXPIRING_WITHIN_DAYS = [7, 14, 30, 60, 90] as const;
/** Days of `kms_leases_by_age`; +Inf follows. */
export const AGE_DAYS = [1, 7, 14, 30, 60, 90, 120, 150, 166, 173, 180] as const;
const EXPIRING_SLOTS = slotsOf(EXPIRING_WITHIN_DAYS);
const AGE_SLOTS = slotsOf(AGE_DAYS);
/** How long a lease that has ended is news. */
const ENDED_WITHIN = 30 * DAY_S;

/** What is counted of one class's leases. Superseded and retired ones are in no number. */
export interface ClassTally {
  readonly leases: number;
  readonly states: Readonly<Record<CountedState, number>>;
  /** Not yet expired and ending within `EXPIRING_WITHIN_DAYS`, cumulative. */
  readonly expiring: readonly number[];
  readonly warn: number;
  readonly critical: number;
  readonly ended: number;
  /** By `AGE_DAYS` and without limit, cumulative. */
  readonly byAge: readonly number[];
  /** The soonest end that is still to come. */
  readonly nextExpiry: number | undefined;
}

/** Counts the leases of a class that are neither superseded nor retired, in one pass that fills every number. */
export class LeaseTally {
  readonly #now: number;
  readonly #validity: number;
  readonly #withinCritical: number;
  readonly #states = new Uint32Array(COUNTED_STATES.length);
  readonly #expiring = new Uint32Array(EXPIRING_WITHIN_DAYS.length + 1);
  #critical = 0;
  #ended = 0;
  readonly #byAge = new Uint32Array(AGE_DAYS.length + 1);
  #nextExpiry = Number.POSITIVE_INFINITY;

  /** @param now seconds since the epoch */
  constructor(now: number, settings: LeaseSettings) {
    this.#now = now;
    this.#validity = settings.validity;
    this.#withinCritical = settings.critical;
  }

  /** @param state its place in `COUNTED_STATES` @param expiry seconds since the epoch; 0 if it has none */
  add(state: number, expiry: number): void {
    bump(this.#states, state);
    if (expiry === 0) return;
    const remaining = expiry - this.#now;
    bump(this.#byAge, slot(AGE_SLOTS, ageOf(expiry, this.#now, this.#validity)));
    if (remaining > 0) this.#addEnd(expiry, remaining);
    else if (remaining > -ENDED_WITHIN) this.#ended += 1;
  }

  #addEnd(expiry: number, remaining: number): void {
    bump(this.#expiring, slot(EXPIRING_SLOTS, remaining));
    if (remaining <= this.#withinCritical) this.#critical += 1;
    if (expiry < this.#nextExpiry) this.#nextExpiry = expiry;
  }

  counted(): ClassTally {
    const places = COUNTED_STATES.map((state, place) => [state, this.#states[place] ?? 0] as const);
    const states = Object.fromEntries(places) as Record<CountedState, number>;
    return {
      leases: this.#states.reduce((sum, count) => sum + count, 0),
      states,
      expiring: cumulate(this.#expiring).slice(0, EXPIRING_WITHIN_DAYS.length),
      warn: states.expiring,
      critical: this.#critical,
      ended: this.#ended,
      byAge: cumulate(this.#byAge),
      nextExpiry: Number.isFinite(this.#nextExpiry) ? this.#nextExpiry : undefined,
    };
  }
}

/** By a number of days, the first limit that it does not exceed; the last one is for all that are larger. */
function slotsOf(limits: readonly number[]): Uint8Array {
  const most = (limits.at(-1) ?? 0) + 1;
  return Uint8Array.from({ length: most + 1 }, (_, days) => limits.filter((limit) => limit < days).length);
}

/** Looked up, as it is asked for every lease, and there may be a million. */
function slot(slots: Uint8Array, seconds: number): number {
  const days = ((seconds + DAY_S - 1) / DAY_S) | 0;
  return slots[days < slots.length ? days : slots.length - 1] ?? 0;
}

function bump(counts: Uint32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

function cumulate(counts: Uint32Array): number[] {
  let sum = 0;
  return Array.from(counts, (count) => {
    sum += count;
    return sum;
  });
}
