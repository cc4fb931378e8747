import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_MS, type Millis, millis } from '../kernel/time.ts';

/** RFC 3339, with up to the seven digits of .NET. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Windows PowerShell's JSON of a date: milliseconds since the epoch. */
const POWERSHELL = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;

/** A datetime of CIM (DSP0004 5.2.4): its last part is the offset from UTC in minutes. */
const CIM = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.\d{6}([+-]\d{3})$/;

/** Windows counts from 1601: a time of that year is one that was never set. No report is older than KMS. */
const EARLIEST = Date.UTC(2006, 0, 1);

/**
 * Reads when a report was made.
 * @returns milliseconds since the epoch; or what is wrong with it
 */
export function readReportTime(value: unknown): Result<Millis, string> {
  const text = textOf(value);
  if (text === undefined) return err('time is missing: expected the time of the report in RFC 3339');
  const time = timeOf(text);
  if (time === undefined) {
    return err('time cannot be read: write it in RFC 3339 with its offset, for example 2026-05-04T10:11:12Z');
  }
  return time < EARLIEST
    ? err(`time is ${new Date(time).toISOString()}: the clock of the host was never set`)
    : ok(time);
}

/** PowerShell 5.1 puts the value of `Get-Date` below `value`. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string') {
    return value.value.trim();
  }
  return undefined;
}

function timeOf(text: string): Millis | undefined {
  const powershell = POWERSHELL.exec(text);
  if (powershell !== null) return valid(Number(powershell[1]));
  if (RFC_3339.test(text)) return valid(Date.parse(text.toUpperCase()));
  const cim = CIM.exec(text);
  if (cim === null) return undefined;
  const [year, month, day, hour, minute, second, offset] = cim.slice(1);
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return valid(local - Number(offset) * MINUTE_MS);
}

/** Undefined for 31 February and what is beyond the range of dates. */
function valid(time: number): Millis | undefined {
  return Number.isNaN(new Date(time).getTime()) ? undefined : millis(time);
}
