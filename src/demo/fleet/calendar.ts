import { DAY_MS, DAY_S, HOUR_S, MINUTE_S } from '../../kernel/time.ts';
import type { SeededRandom } from './seeded-random.ts';

/** When a machine is switched on: `always`, or in office hours on working days. */
export type Rhythm = 'always' | 'office';

/** Days of every year on which nobody is in an office: month and day as `12-19`, both included. */
export interface YearlyHoliday {
  readonly from: string;
  /** Of the next year when it is before `from`. */
  readonly to: string;
}

/** The days of one year; ISO dates, both included. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
}

export const TURN_OF_THE_YEAR: YearlyHoliday = { from: '12-19', to: '01-10' };

const OFFICE_DAY = 9 * HOUR_S;

/**
 * The first time at or after `due` at which a machine is on, and a few minutes after it was switched on.
 * @param due seconds since the epoch
 * @param arrives seconds after midnight (UTC) at which its user usually switches it on
 */
export function whenOn(
  due: number,
  arrives: number,
  { rhythm, holiday }: { readonly rhythm: Rhythm; readonly holiday: YearlyHoliday },
  random: SeededRandom,
): number {
  if (rhythm === 'always') return due;
  let day = Math.floor(due / DAY_S);
  if (due >= day * DAY_S + arrives + OFFICE_DAY) day += 1;
  while (!isWorkingDay(day, holiday)) day += 1;
  const opens = day * DAY_S + arrives;
  return due >= opens ? due : opens + random.between(MINUTE_S, 25 * MINUTE_S);
}

/** The last time at or before `time` at which a machine was on; see `whenOn`. */
export function lastOn(
  time: number,
  arrives: number,
  { rhythm, holiday }: { readonly rhythm: Rhythm; readonly holiday: YearlyHoliday },
): number {
  if (rhythm === 'always') return time;
  let day = Math.floor(time / DAY_S);
  if (time < day * DAY_S + arrives) day -= 1;
  while (!isWorkingDay(day, holiday)) day -= 1;
  return Math.min(time, day * DAY_S + arrives + OFFICE_DAY);
}

/** The holidays that touch a stretch of time, as `quiet_periods` take them. @param from seconds since the epoch */
export function holidaysBetween(holiday: YearlyHoliday, from: number, until: number): readonly Holiday[] {
  const first = new Date(from * 1000).getUTCFullYear() - 1;
  const last = new Date(until * 1000).getUTCFullYear();
  return Array.from({ length: last - first + 1 }, (_, index) => holidayFrom(holiday, first + index)).filter(
    (one) => Date.parse(one.to) / 1000 + DAY_S > from && Date.parse(one.from) / 1000 < until,
  );
}

function holidayFrom(holiday: YearlyHoliday, year: number): Holiday {
  const isTurn = holiday.to < holiday.from;
  return { from: `${year}-${holiday.from}`, to: `${isTurn ? year + 1 : year}-${holiday.to}` };
}

/** @param day days since the epoch */
function isWorkingDay(day: number, holiday: YearlyHoliday): boolean {
  // 1 January 1970 was a Thursday.
  const weekday = (day + 4) % 7;
  return weekday !== 0 && weekday !== 6 && !isHoliday(day, holiday);
}

function isHoliday(day: number, { from, to }: YearlyHoliday): boolean {
  const date = new Date(day * DAY_MS).toISOString().slice(5, 10);
  return to < from ? date >= from || date <= to : date >= from && date <= to;
}
