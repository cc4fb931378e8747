import { expect, it } from 'vitest';
import { boundsOf, isMonth, monthBefore, monthOf, monthsBetween } from './calendar-month.ts';
import { seconds } from './time.ts';

it('tells months from other words', () => {
  const words = ['2026-10', '2026-13', '2026-00', '26-10', '2026-1', '1899-01', '2026-10-01'];
  expect(words.filter(isMonth)).toEqual(['2026-10']);
});

it('begins with the first second in UTC, and ends with that of the next', () => {
  const [from, until] = boundsOf('2026-12');
  expect([from, until].map((time) => new Date(time * 1000).toISOString())).toEqual([
    '2026-12-01T00:00:00.000Z',
    '2027-01-01T00:00:00.000Z',
  ]);
  expect([from, seconds(until - 1), until].map(monthOf)).toEqual(['2026-12', '2026-12', '2027-01']);
  expect(monthBefore('2027-01')).toBe('2026-12');
});

it('lists months across years, both ends included', () => {
  expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
  expect(monthsBetween('2026-02', '2025-11')).toEqual([]);
});
