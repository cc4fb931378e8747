import { rfc3339OfSeconds, type Seconds } from '../../kernel/time.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

export const DATE_REMEDY =
  'write dates as 2026-11-05 (Get-Date -Format o, or .ToString("o")), or add a row whose day is above 12';

/** `5 November or 11 May 2026?`, the latest first. */
export function openQuestion(times: readonly Seconds[]): string {
  const days = times
    .toSorted((a, b) => b - a)
    .map((time) => rfc3339OfSeconds(time).slice(0, 10).split('-').map(Number));
  const years = new Set(days.map(([year]) => year));
  const texts = days.map(([year, month = 1, day], index) => {
    const withYear = years.size > 1 || index === days.length - 1;
    return `${day} ${MONTHS[month - 1]}${withYear ? ` ${year}` : ''}`;
  });
  return `${texts.join(' or ')}?`;
}
