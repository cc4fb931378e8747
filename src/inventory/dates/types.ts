import type { Seconds } from '../../kernel/time.ts';

/** How a date of three numbers may be meant: day, month or year first. Year first only where the year has two digits. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd';
export const DATE_ORDERS: readonly DateOrder[] = ['dmy', 'mdy', 'ymd'];

/** One value of a column of dates, read by itself. */
export type DateReading =
  | { readonly kind: 'never' }
  | { readonly kind: 'time'; readonly time: Seconds }
  /** Three numbers whose order only the column can decide. */
  | { readonly kind: 'numbers'; readonly numbers: readonly [string, string, string]; readonly secondsOfDay: number }
  | { readonly kind: 'bad'; readonly reason: string };

export const NEVER: DateReading = { kind: 'never' };

export function bad(reason: string): Extract<DateReading, { kind: 'bad' }> {
  return { kind: 'bad', reason };
}
