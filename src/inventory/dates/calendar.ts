import { DAY_S, inMillis, inSeconds, millis, type Seconds, seconds } from '../../kernel/time.ts';
import { bad, type DateOrder, type DateReading, NEVER } from './types.ts';

/** What programs write for "no date": the first years of .NET and of FILETIME, and the nought of Unix and of spreadsheets. */
const NO_DATE: ReadonlySet<number> = new Set([0, 1, 1600, 1601, 1899, 1900]);
/** Nothing was seen before Windows Vista was developed; years before it are of another calendar (or nonsense). */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2200;

/**
 * A day of the Gregorian calendar and a time of day.
 * @param month from 1
 * @param secondsOfDay may be below 0 or beyond a day, where a zone moves it
 */
export function dayReading(year: number, month: number, day: number, secondsOfDay: number): DateReading {
  if (NO_DATE.has(year)) return NEVER;
  const start = millis(Date.UTC(year, month - 1, day));
  const date = new Date(start);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return bad('there is no such day');
  return timeReading(seconds(inSeconds(start) + secondsOfDay));
}

/** A time since the epoch, unless it means that there is none. */
export function timeReading(time: Seconds): DateReading {
  if (!Number.isFinite(time)) return bad('it is not a date');
  if (Math.abs(time) < DAY_S) return NEVER;
  const year = new Date(inMillis(time)).getUTCFullYear();
  if (NO_DATE.has(year)) return NEVER;
  if (year < FIRST_YEAR || year > LAST_YEAR) return bad(`the year ${year} is of another calendar, or wrong`);
  return { kind: 'time', time: seconds(Math.floor(time)) };
}

/** Three numbers in an order; undefined if it does not fit them. */
export function inOrder(
  numbers: readonly [string, string, string],
  secondsOfDay: number,
  order: DateOrder,
): DateReading | undefined {
  const [first, second, third] = numbers;
  if (order === 'ymd' && (third.length !== 2 || first.length !== 2)) return undefined;
  const [day, month, year] =
    order === 'dmy' ? [first, second, third] : order === 'mdy' ? [second, first, third] : [third, second, first];
  if (Number(month) > 12 || Number(month) < 1 || Number(day) > 31 || Number(day) < 1) return undefined;
  const full = year.length === 2 ? 2000 + Number(year) : Number(year);
  const reading = dayReading(full, Number(month), Number(day), secondsOfDay);
  return reading.kind === 'bad' && reading.reason === 'there is no such day' ? undefined : reading;
}
