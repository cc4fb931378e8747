import { MINUTE_MS } from '../../kernel/time.ts';

/** Whole seconds and a fraction, as WMI keeps a time. Milliseconds since the epoch; 1601-01-01 means "never". */
export interface WmiDate {
  readonly milliseconds: number;
}

/** What a property of an instance holds; `null` is not the same as an empty text. */
export type WmiValue = null | boolean | number | bigint | string | readonly string[] | WmiDate;

export type WmiInstance = Readonly<Record<string, WmiValue>>;

/** How a stack writes values. */
const VALUE_STYLES = [
  /** Windows: `true`, times in an element `Datetime`. */
  'windows',
  /** OMI: `TRUE`, bare times with a zone in numbers. */
  'omi',
  /** Controllers of servers: times as DMTF writes them (DSP0004 5.2.4). */
  'dmtf',
] as const;
export type ValueStyle = (typeof VALUE_STYLES)[number];

/** 1601-01-01: what Windows has for "not set". */
export const NEVER: WmiDate = { milliseconds: -11_644_473_600_000 };

export function isDate(value: WmiValue): value is WmiDate {
  return typeof value === 'object' && value !== null && 'milliseconds' in value;
}

/** ISO 8601 in UTC, with as many decimals as the value needs. */
export function isoTime({ milliseconds }: WmiDate): string {
  return new Date(milliseconds).toISOString().replace(/\.?0*Z$/, 'Z');
}

/** `yyyymmddHHMMSS.mmmmmm+000`. */
export function dmtfTime({ milliseconds }: WmiDate): string {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 14)}.${digits.slice(14)}000+000`;
}

const DMTF = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d{3}([+-])(\d{3})$/;

/** Milliseconds since the epoch; undefined when the text is no such time. */
export function readDmtfTime(text: string): number | undefined {
  const match = DMTF.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zone] = match;
  const utc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}Z`);
  if (Number.isNaN(utc)) return undefined;
  return utc - Number(`${sign}${zone}`) * MINUTE_MS;
}
