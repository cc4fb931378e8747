import { expect, test } from 'vitest';
import { withDeadline, within } from './deadline.ts';
import { millis } from './time.ts';

const RUNNING = new AbortController().signal;

test('work in time gives its value', async () => {
  expect(await withDeadline(millis(1000), RUNNING, async () => 7)).toBe(7);
});

test('work that fails rejects as it does', async () => {
  await expect(withDeadline(millis(1000), RUNNING, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('work that hears nothing is left at the deadline, and told so', async () => {
  let told: AbortSignal | undefined;

  const value = await withDeadline(millis(20), RUNNING, (signal) => {
    told = signal;
    return new Promise(() => {});
  });

  expect(value).toBeUndefined();
  expect(told?.aborted).toBe(true);
});

test('an abort ends it at once, during and before', async () => {
  const stop = new AbortController();
  const running = withDeadline(millis(60_000), stop.signal, () => new Promise(() => {}));
  stop.abort();

  expect(await running).toBeUndefined();
  expect(await withDeadline(millis(60_000), stop.signal, async () => 7)).toBeUndefined();
});

test('work that is done in time hears that nobody waits any longer', async () => {
  let told: AbortSignal | undefined;

  await withDeadline(millis(1000), RUNNING, async (signal) => {
    told = signal;
  });

  expect(told?.aborted).toBe(true);
});

test('waiting ends at the time, at the signal, and with the promise', async () => {
  const never = new Promise<number>(() => {});
  const stop = new AbortController();
  const untilStopped = within(never, undefined, stop.signal);
  stop.abort();

  expect(await untilStopped).toBeUndefined();
  expect(await within(never, millis(1), RUNNING)).toBeUndefined();
  expect(await within(Promise.resolve(7), millis(60_000), RUNNING)).toBe(7);
  await expect(within(Promise.reject(new Error('no')), millis(60_000), RUNNING)).rejects.toThrow('no');
});
