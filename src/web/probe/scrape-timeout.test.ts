import { expect, test } from 'vitest';
import { readScrapeTimeout } from './scrape-timeout.ts';

test.each([
  [undefined, undefined],
  ['10', 9500],
  ['1.5', 1000],
  ['1', 500],
  ['0.6', 300],
  ['0.1', 50],
  ['10.000000', 9500],
])('%s leaves %s ms', (header, milliseconds) => {
  expect(readScrapeTimeout(header)).toEqual({ ok: true, value: milliseconds });
});

test.each(['', '0', '-1', 'NaN', 'Infinity', '1e3', '10s', ' 1', '0x10', '1'.repeat(20)])(
  "'%s' is refused",
  (header) => {
    expect(readScrapeTimeout(header).ok).toBe(false);
  },
);

test('two of them are refused', () => {
  expect(readScrapeTimeout(['10', '20']).ok).toBe(false);
});
