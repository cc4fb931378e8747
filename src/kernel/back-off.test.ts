import { expect, test } from 'vitest';
import { BackOff } from './back-off.ts';
import type { Random } from './random.ts';
import { millis, SECOND_MS } from './time.ts';

const LIMITS = { first: SECOND_MS, most: millis(5000) };
const LARGEST: Random = { int: (limit) => limit - 1, bytes: (length) => new Uint8Array(length) };
const SMALLEST: Random = { ...LARGEST, int: () => 0 };

function waits(random: Random): readonly number[] {
  const backOff = new BackOff(LIMITS, random);
  return Array.from({ length: 5 }, () => backOff.next());
}

test('each wait is twice the last one, up to the limit, and chance leaves out up to a half', () => {
  expect(waits(LARGEST)).toEqual([1000, 2000, 4000, 5000, 5000]);
  expect(waits(SMALLEST)).toEqual([500, 1000, 2000, 2500, 2500]);
});

test('a success begins again with the first wait', () => {
  const backOff = new BackOff(LIMITS, LARGEST);
  backOff.next();
  backOff.next();
  backOff.reset();

  expect(backOff.next()).toBe(1000);
});
