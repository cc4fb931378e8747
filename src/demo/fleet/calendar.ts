import { DAY, HOUR, MINUTE } from './seconds.ts';
import type { SeededRandom } from './seeded-random.ts';

/** When a machine is switched on: `always`, or in office hours on working days. */
export type Rhythm = 'always' | 'office';

/** Days that most of an organisation is at home; ISO dates, both included. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
}

const OFFICE_DAY = 9 * HOUR;

/** Around the turn of every year, three weeks. Month and day. */
const HOLIDAY_FROM = [12, 19] as const;
const HOLIDAY_TO = [1, 10] as const;

/**
 * The first time at or after `due` at which a machine is on, and a few minutes after it was switched on.
 * @param due seconds since the epoch
 * @param arrives seconds after midnight (UTC) at which its user usually switches it on
 */
export function whenOn(due: number, rhythm: Rhythm, arrives: number, random: SeededRandom): number {
  if (rhythm === 'always') return due;
  let day = Math.floor(due / DAY);
  if (due >= day * DAY + arrives + OFFICE_DAY) day += 1;
  while (!isWorkingDay(day)) day += 1;
  const opens = day * DAY + arrives;
  return due >= opens ? due : opens + random.between(MINUTE, 25 * MINUTE);
}

/** @param day days since the epoch */
export function isWorkingDay(day: number): boolean {
  // 1 January 1970 was a Thursday.
  const weekday = (day + 4) % 7;
  return weekday !== 0 && weekday !== 6 && !isHoliday(day);
}

/** The holidays that touch a stretch of time, as `quiet_periods` take them. @param from seconds since the epoch */
export function holidaysBetween(from: number, until: number): readonly Holiday[] {
  const first = new Date(from * 1000).getUTCFullYear() - 1;
  const last = new Date(until * 1000).getUTCFullYear();
  return Array.from({ length: last - first + 1 }, (_, index) => holidayFrom(first + index)).filter(
    (holiday) => Date.parse(holiday.to) / 1000 + DAY > from && Date.parse(holiday.from) / 1000 < until,
  );
}

function holidayFrom(year: number): Holiday {
  return { from: isoDate(year, HOLIDAY_FROM), to: isoDate(year + 1, HOLIDAY_TO) };
}

function isoDate(year: number, [month, day]: readonly [number, number]): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isHoliday(day: number): boolean {
  const date = new Date(day * DAY * 1000);
  const monthAndDay = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
  return monthAndDay >= HOLIDAY_FROM[0] * 100 + HOLIDAY_FROM[1] || monthAndDay <= HOLIDAY_TO[0] * 100 + HOLIDAY_TO[1];
}
