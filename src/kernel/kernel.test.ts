import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { ByteReader, ShortInput } from './byte-reader.ts';
import { sleep } from './clock.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { Secret } from './secret.ts';
import { DAY_MS, millis } from './time.ts';

describe('durations', () => {
  test.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['180d', 180 * DAY_MS],
    ['1y2w', 379 * DAY_MS],
    ['250ms', 250],
    ['0', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: milliseconds });
  });

  test.each(['', '5', '5 m', 'm5', '1m1h', '-5m', '1.5h', '9999y'])('%j is refused', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.nat(), (milliseconds) => {
        expect(parseDuration(formatDuration(millis(milliseconds)))).toEqual({ ok: true, value: milliseconds });
      }),
    );
  });

  it('writes whole days as days', () => {
    expect(formatDuration(millis(180 * DAY_MS))).toBe('180d');
    expect(formatDuration(millis(90_000))).toBe('1m30s');
  });
});

describe('ByteReader', () => {
  it('reads integers in either order and aligns to the start', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(reader.u16()).toBe(0x0102);
    reader.littleEndian = true;
    expect(reader.u16()).toBe(0x0403);
    reader.skip(1);
    reader.align(4);
    expect(reader.offset).toBe(8);
    expect(reader.u8()).toBe(9);
    expect(reader.remaining).toBe(0);
  });

  it('throws only ShortInput, and reads nothing, beyond the end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.integer({ min: -5, max: 20 }), (bytes, length) => {
        const reader = new ByteReader(bytes);
        if (length >= 0 && length <= bytes.length) {
          expect(reader.take(length)).toHaveLength(length);
        } else {
          expect(() => reader.take(length)).toThrow(ShortInput);
          expect(reader.offset).toBe(0);
        }
      }),
    );
  });
});

test('a secret shows in no way of printing', () => {
  const secret = new Secret('hunter2');
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});

test('a manual clock moves only when told', () => {
  const clock = manualClock(1000);
  clock.advance(500);
  expect([clock.now(), clock.monotonic()]).toEqual([1500, 500]);
});

test('sleep ends early on abort, and says so', async () => {
  const abort = new AbortController();
  const slept = sleep(millis(60_000), abort.signal);
  abort.abort();
  expect(await slept).toBe(false);
  expect(await sleep(millis(1), new AbortController().signal)).toBe(true);
  expect(await sleep(millis(60_000), abort.signal)).toBe(false);
});
