import { MINUTE_MS } from '../kernel/time.ts';
import type { WmiValue } from './types.ts';

/** A property as an array, which one element alone does not look like; none for null and for a missing property. */
export function wmiArray(value: WmiValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{0,9}))?(Z|[+-]\d\d:\d\d)?$/i;
/** DSP0004 5.2.4, a time: `yyyymmddHHMMSS.mmmmmmsUUU`, the zone in minutes. */
const DMTF = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([+-]\d{3})$/;

/**
 * A point in time in any form in which hosts write one: ISO 8601 with `Z` and up to six digits of fraction (Windows), or
 * with a numeric zone (OMI), or DMTF's own (iDRAC). A time without a zone is UTC.
 * @returns milliseconds since the epoch; undefined for an interval and for anything that is no time
 */
export function wmiDatetime(value: WmiValue | undefined): number | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  const match = ISO.exec(text) ?? DMTF.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  // A year below 100 would be one of the 20th century to Date.UTC.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, milliseconds);
  const sound =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return sound ? date.getTime() - zoneOf(match[8]) : undefined;
}

/** Milliseconds east of Greenwich, of `+02:00`, `-00:07` or DMTF's `+120`. */
function zoneOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(?:(\d\d):)?(\d{2,3})$/.exec(zone ?? '') ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return (sign === '-' ? -total : total) * MINUTE_MS;
}
