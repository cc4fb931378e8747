import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { PATIENT } from '../../test/support/patient.ts';
import { patiently, somethingHangs } from './patiently.ts';

const LONG = 60_000;

it('counts the time of an operation from its own turn, not that of those before it', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = patiently('/slow/a', () => promise, LONG);
  const second = patiently('/slow/b', async () => 'b', 1);
  await wait(10);
  resolve('a');
  expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  expect(somethingHangs()).toBe(false);
});

it('gives up what hangs, and begins nothing more in its folder until that has ended', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = vi.fn(async () => 'b');
  const hung = patiently('/hung/a', () => promise, 1);
  const next = patiently('/hung/b', work, LONG);
  expect(await Promise.all([hung, next])).toEqual([undefined, undefined]);
  expect([work.mock.calls.length, somethingHangs()]).toEqual([0, true]);
  expect(await patiently('/other/a', async () => 'c', LONG)).toBe('c');
  resolve('a');
  await vi.waitFor(() => expect(somethingHangs()).toBe(false), PATIENT);
  expect(await patiently('/hung/b', work, LONG)).toBe('b');
});

it('tells what failed, and goes on with the next', async () => {
  const failed = patiently('/bad/a', () => Promise.reject(new Error('no')), LONG);
  const next = patiently('/bad/b', async () => 'b', LONG);
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('b');
});
