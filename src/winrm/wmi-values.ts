import { MINUTE_MS } from '../kernel/time.ts';
import type { WmiValue } from './types.ts';

/** A property as an array, which one element alone does not look like; none for null and for a missing property. */
export function wmiArray(value: WmiValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

/** A scalar property's text; undefined for null, for an array and for a missing property. An empty text is one. */
export function wmiString(value: WmiValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `true`, `TRUE`, `1` and their opposites; undefined for anything else. */
export function wmiBoolean(value: WmiValue | undefined): boolean | undefined {
  const text = wmiString(value)?.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : undefined;
}

/** A whole number of up to 64 bits, signed or not, exact. */
export function wmiInteger(value: WmiValue | undefined): bigint | undefined {
  const text = wmiString(value)?.trim() ?? '';
  return /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

/** The same as a number, where it is exact; undefined above 2^53 - 1. */
export function wmiNumber(value: WmiValue | undefined): number | undefined {
  const number = Number(wmiInteger(value) ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
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
  const text = wmiString(value)?.trim() ?? '';
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

/** XML Schema's, without years and months, whose length varies. */
const ISO_INTERVAL = /^P(?=.)(?:(\d{1,8})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,10})(?:\.(\d{1,9}))?S)?)?$/;
/** DSP0004 5.2.4, an interval: `ddddddddHHMMSS.mmmmmm:000`. */
const DMTF_INTERVAL = /^(\d{8})(\d\d)(\d\d)(\d\d)\.(\d{6}):000$/;

/** A length of time (`P2000D`, `00000003000000.000000:000`) in milliseconds; undefined for anything else. */
export function wmiInterval(value: WmiValue | undefined): number | undefined {
  const text = wmiString(value)?.trim() ?? '';
  const match = ISO_INTERVAL.exec(text) ?? DMTF_INTERVAL.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 5).map((digits) => Number(digits ?? 0));
  const milliseconds = Number((match[5] ?? '').padEnd(3, '0').slice(0, 3));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}
