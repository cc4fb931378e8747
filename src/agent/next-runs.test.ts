import fc from 'fast-check';
import { createTask } from 'node-cron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextRuns } from './next-runs.ts';

const field = (min: number, max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`) },
    fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  );

const expression = fc
  .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '));

const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

test('says what node-cron says', () => {
  fc.assert(
    fc.property(expression, moment, (text, now) => {
      vi.setSystemTime(now);
      const task = createTask(text, () => {});
      const expected = task.getNextRuns(3).map((date) => date.getTime());
      void task.destroy();
      expect(nextRuns(text, 3, now.getTime())).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test.each(['0 0 L * *', '0 12 15W * *', '0 0 * * 5#2', '0 0 29 2 1'])('knows %s', (text) => {
  const now = new Date('2026-11-28T12:00:00Z');
  vi.setSystemTime(now);
  const task = createTask(text, () => {});
  expect(nextRuns(text, 2, now.getTime())).toEqual(task.getNextRuns(2).map((date) => date.getTime()));
  void task.destroy();
});
