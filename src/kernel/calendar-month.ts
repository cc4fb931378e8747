import { inMillis, inSeconds, millis, type Seconds, seconds } from './time.ts';

/** Whether a text is a month, `2026-10`. */
export function isMonth(text: string): boolean {
  return /^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/.test(text);
}

/** Its first second, and that of the next. @param month `2026-10` */
export function boundsOf(month: string): readonly [from: Seconds, until: Seconds] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return [startOf(year, number - 1), startOf(year, number)];
}

export function monthOf(time: Seconds): string {
  return new Date(inMillis(time)).toISOString().slice(0, 7);
}

export function monthBefore(month: string): string {
  return monthOf(seconds(boundsOf(month)[0] - 1));
}

/** The months from one to another, both included. */
export function monthsBetween(first: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthOf(boundsOf(month)[1])) months.push(month);
  return months;
}

function startOf(year: number, month: number): Seconds {
  return inSeconds(millis(Date.UTC(year, month)));
}
