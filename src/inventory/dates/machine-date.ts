import { DAY_S, HOUR_S, inSeconds, MINUTE_S, millis, seconds } from '../../kernel/time.ts';
import { dayReading, timeReading } from './calendar.ts';
import { bad, type DateReading, NEVER } from './types.ts';

/** From the first day of FILETIME, 1601-01-01, to that of Unix, in seconds (MS-DTYP 2.3.3). */
const FILETIME_EPOCH_S = 11_644_473_600;
/** `accountExpires` and the like have this for "never". */
const FILETIME_NEVER = '9223372036854775807';
/** From day 0 of spreadsheets, 1899-12-30, to that of Unix (ECMA-376, 18.17.4.1, without its error before March 1900). */
const SERIAL_EPOCH_DAYS = 25_569;

/** Reads dates that programs write for programs; undefined if it is none of them. */
export function machineDate(text: string): DateReading | undefined {
  const json = /^\\?\/?Date\((-?\d+)(?:[+-]\d{4})?\)\\?\/?$/.exec(text)?.[1];
  if (json !== undefined) return timeReading(inSeconds(millis(Number(json))));
  if (/^-?\d+[.,]?\d*E[+]?\d+$/i.test(text)) return bad('a spreadsheet has rounded it');
  if (/^\d{5}(?:[.,]\d+)?$/.test(text)) return serialDate(Number(text.replace(',', '.')));
  return generalizedTime(text) ?? (/^\d+$/.test(text) ? wholeNumber(text) : undefined);
}

function serialDate(days: number): DateReading {
  return timeReading(seconds(Math.round((days - SERIAL_EPOCH_DAYS) * DAY_S)));
}

/** `20261126140311.0Z` of LDAP, `20261126140311.000000+060` of WMI, `20261126`. */
function generalizedTime(text: string): DateReading | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})(?:[.,]\d+)?(?:Z|([+-]\d{3,4}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  return dayReading(year, month, day, hour * HOUR_S + minute * MINUTE_S + second - zoneMinutes(match[7]) * MINUTE_S);
}

/** WMI has three digits, which are minutes; LDAP has hours and minutes. */
function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1);
  return sign * (digits.length === 3 ? Number(digits) : Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function wholeNumber(text: string): DateReading {
  if (/^0+$/.test(text) || text === FILETIME_NEVER) return NEVER;
  if (text.length >= 17 && text.length <= 18) return timeReading(seconds(Number(text) / 1e7 - FILETIME_EPOCH_S));
  if (text.length === 13) return timeReading(inSeconds(millis(Number(text))));
  if (text.length === 10) return timeReading(seconds(Number(text)));
  return bad('this number is not a date');
}
