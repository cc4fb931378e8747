import { err, ok, type Result } from '../kernel/result.ts';
import { inSeconds, MINUTE_S, millis, type Seconds, seconds, wholeSeconds } from '../kernel/time.ts';
import { textOf } from './fields.ts';

/** Windows PowerShell's JSON: milliseconds since the epoch, an offset only for show. */
const POWERSHELL = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;

/** RFC 3339, and the same with a blank for the T and before an offset without a colon, as Fluent Bit writes it. */
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})? ?(Z|z|UTC|[+-]\d\d:?\d\d|)$/;

/**
 * Reads the time of a record. A time without an offset is refused: it is the host's local time, an unknown number of
 * hours off, and would put the record in a wrong place.
 * @returns whole seconds since the epoch, the fraction cut off; or an error message
 */
export function parseEventTime(value: unknown): Result<Seconds, string> {
  const text = textOf(value);
  const powershell = POWERSHELL.exec(text);
  if (powershell !== null) return since1970(wholeSeconds(millis(Number(powershell[1]))));
  const zone = DATE_TIME.exec(text)?.[1];
  if (zone === undefined) return err('its time cannot be read: write it as RFC 3339, for example 2026-05-04T10:11:12Z');
  if (zone === '') {
    return err('its time has no offset from UTC: have the shipper write UTC, for example 2026-05-04T10:11:12Z');
  }
  const part = (start: number, end: number): number => Number(text.slice(start, end));
  const local = utcSeconds(part(0, 4), part(5, 7), part(8, 10), part(11, 13), part(14, 16), part(17, 19));
  if (local === undefined) return err('its time is not a valid date');
  return since1970(local - offsetSeconds(zone));
}

/** Client times of 12290: the client's UTC clock without seconds, nearly always year first. */
const YEAR_FIRST = /^(\d{4})\/(\d{1,2})\/(\d{1,2}) (\d{1,2}):(\d\d)$/;
const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d)$/;

/** @returns seconds since the epoch; undefined for what is no time of one of the two kinds */
export function parseClientTime(text: string): Seconds | undefined {
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) {
    const [, year, month, day, hour, minute] = yearFirst;
    return utcSeconds(Number(year), Number(month), Number(day), Number(hour), Number(minute), 0);
  }
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst === null) return undefined;
  const [, month, day, year, hour, minute] = monthFirst;
  return utcSeconds(Number(year), Number(month), Number(day), Number(hour), Number(minute), 0);
}

function since1970(time: number): Result<Seconds, string> {
  return time >= 0 ? ok(seconds(time)) : err('its time is before 1970');
}

/** Undefined for 31 February and 25:00, which Date would carry over into the next month and day. */
function utcSeconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Seconds | undefined {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (year < 100 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day < 1 || day > daysIn(month, year)) return undefined;
  return inSeconds(millis(Date.UTC(year, month - 1, day, hour, minute, second)));
}

function daysIn(month: number, year: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function offsetSeconds(offset: string): number {
  if (offset.length < 5) return 0; // Z, UTC
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * MINUTE_S;
}
