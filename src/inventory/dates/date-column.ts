import { DAY_S, type Seconds, seconds } from '../../kernel/time.ts';
import { inOrder } from './calendar.ts';
import { readDate } from './read-date.ts';
import { bad, DATE_ORDERS, type DateOrder, type DateReading } from './types.ts';

type Numbers = Extract<DateReading, { kind: 'numbers' }>;
type NoTime = Extract<DateReading, { kind: 'never' | 'bad' }>;

/** When a row was seen, by one column: every time that it may mean. One of them is a date; several are an open question. */
export type SettledDate = { readonly kind: 'times'; readonly times: readonly Seconds[] } | NoTime;

const WORDS: Readonly<Record<DateOrder, string>> = { dmy: 'day first', mdy: 'month first', ymd: 'year first' };

/** A column of dates: each value says which orders of day and month it allows, and all of them together decide. */
export class DateColumn {
  #orders: readonly DateOrder[] = DATE_ORDERS;
  #decidedBy: number | undefined;
  #contradictedBy: number | undefined;
  #hasNumbers = false;

  /** @param row its number, for the note */
  read(text: string, row: number): DateReading {
    const reading = readDate(text);
    if (reading.kind !== 'numbers') return reading;
    const allowed = ordersOf(reading);
    if (allowed.length === 0) return bad('there is no such day');
    this.#hasNumbers = true;
    this.#narrow(reading, allowed, row);
    return reading;
  }

  /**
   * What a value means now that the whole column is known.
   * @param now nothing was seen more than a day after it
   */
  settle(reading: DateReading, now: Seconds): SettledDate {
    if (hasNoTime(reading)) return reading;
    const readings = reading.kind === 'time' ? [reading] : this.#readings(reading);
    const times = [...new Set(readings.flatMap((each) => (each.kind === 'time' ? [each.time] : [])))];
    if (times.length === 0) return readings.find(hasNoTime) ?? bad('it is not a date');
    if (times.every((time) => time > now + DAY_S)) return bad('it is in the future, or of another calendar');
    return { kind: 'times', times };
  }

  /** How the column was read, for people; null if no value of it needed a decision. */
  note(): string | null {
    if (!this.#hasNumbers) return null;
    if (this.#contradictedBy !== undefined)
      return `day and month in both orders: row ${this.#contradictedBy} contradicts`;
    const [order] = this.#orders;
    if (order === undefined || this.#decidedBy === undefined) return 'day or month first: nothing decides';
    return `${WORDS[order]}, decided by row ${this.#decidedBy}`;
  }

  #narrow(reading: Numbers, allowed: readonly DateOrder[], row: number): void {
    if (this.#contradictedBy !== undefined) return;
    const long = reading.numbers[2].length === 4;
    const left = this.#orders.filter((order) => allowed.includes(order) || (long && order === 'ymd'));
    if (!left.some((order) => allowed.includes(order))) {
      this.#contradictedBy = row;
      return;
    }
    const wasOpen = needsDecision(this.#orders);
    this.#orders = left;
    if (wasOpen && !needsDecision(this.#orders)) this.#decidedBy = row;
  }

  #readings(reading: Numbers): readonly DateReading[] {
    const orders = this.#contradictedBy === undefined ? this.#orders : DATE_ORDERS;
    return orders.flatMap((order) => inOrder(reading.numbers, reading.secondsOfDay, order) ?? []);
  }
}

function ordersOf(reading: Numbers): readonly DateOrder[] {
  return DATE_ORDERS.filter((order) => inOrder(reading.numbers, reading.secondsOfDay, order) !== undefined);
}

function needsDecision(orders: readonly DateOrder[]): boolean {
  return orders.includes('dmy') && orders.includes('mdy');
}

/** The latest of several columns' dates under each way to read them: one time if it does not matter how. */
export function latestOf(dates: readonly (readonly Seconds[])[]): readonly Seconds[] {
  if (dates.length === 0) return [];
  const certain = Math.max(...dates.map((times) => Math.min(...times)));
  return [...new Set([certain, ...dates.flat().filter((time) => time > certain)])].map((time) => seconds(time));
}

function hasNoTime(reading: DateReading): reading is NoTime {
  return reading.kind === 'never' || reading.kind === 'bad';
}
